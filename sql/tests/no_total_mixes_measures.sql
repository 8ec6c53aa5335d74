-- A reported total with a `new` fact behind it, or a summed one with a `total`.
select distinct totals.series_id
from (
    select
        series_id,
        method,
        unnest(fact_ids) as fact_id
    from {{ ref('running_totals') }}
) as totals
inner join {{ ref('facts') }} as facts on totals.fact_id = facts.fact_id
where facts.measure <> case when totals.method = 'reported' then 'total' else 'new' end
