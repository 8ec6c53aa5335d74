-- A fact of the past, or a repeat, in the facts behind a total.
select facts.fact_id
from {{ ref('facts') }} as facts
inner join (
    select distinct unnest(fact_ids) as fact_id
    from {{ ref('running_totals') }}
) as counted on facts.fact_id = counted.fact_id
where facts.background or facts.is_repeat
