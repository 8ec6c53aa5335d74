{{
    config(
        materialized='table_function', schema='main',
        parameters=['wanted_series', "wanted_day := '9999-12-31'", 'wanted_method := null']
    )
}}
-- The sentences behind a series' total as of a day; of a `summed` one those of all days up to it.
with
newest as (
    select
        method,
        day,
        fact_ids
    from {{ ref('running_totals') }}
    where
        series_id = wanted_series
        and day <= cast(wanted_day as date)
        and (wanted_method is null or method = wanted_method)
    qualify row_number() over (partition by method order by day desc) = 1
),

behind as (
    select
        method,
        day,
        unnest(fact_ids) as fact_id
    from newest
    where method = 'reported'
    union all
    select
        newest.method,
        newest.day,
        unnest(daily_new.fact_ids) as fact_id
    from newest
    inner join {{ ref('daily_new') }} as daily_new
        on daily_new.series_id = wanted_series and newest.day >= daily_new.day
    where newest.method = 'summed'
)

select
    behind.method,
    behind.day,
    traced.*
from (select distinct * from behind) as behind
inner join {{ ref('trace_facts') }}((select list(distinct fact_id) from behind)) as traced
    on behind.fact_id = traced.fact_id
order by traced.published_at, traced.publisher, traced.fact_id
