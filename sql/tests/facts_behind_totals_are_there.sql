-- A total, a day or an incident with no fact behind it, or with one that the facts don't have.
with
behind as (
    select fact_ids from {{ ref('running_totals') }}
    union all
    select fact_ids from {{ ref('daily_new') }}
    union all
    select fact_ids from {{ ref('incidents') }}
),

named as (
    select distinct unnest(fact_ids) as fact_id
    from behind
)

select named.fact_id
from named
left join {{ ref('facts') }} as facts on named.fact_id = facts.fact_id
where facts.fact_id is null
union all
select null as fact_id
from behind
where fact_ids is null or len(fact_ids) = 0
