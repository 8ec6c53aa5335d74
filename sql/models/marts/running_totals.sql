-- Two methods side by side: what somebody claimed to be the count so far, and what new harm adds up to.
with
summed as (
    select
        series_id,
        day,
        'summed' as method,
        cast(sum(low) over series_days as bigint) as low,
        cast(sum(best) over series_days as bigint) as best,
        cast(sum(high) over series_days as bigint) as high,
        publishers,
        0 as newest_claim_age,
        fact_ids
    from {{ ref('daily_new') }}
    window series_days as (partition by series_id order by day)
)

select
    {{ series_columns('series') }},
    rows.day,
    rows.method,
    rows.low,
    rows.best,
    rows.high,
    rows.publishers,
    rows.newest_claim_age,
    rows.is_confirmed,
    rows.claimants,
    rows.fact_ids
from (
    select * from {{ ref('int_reported_lines') }}
    union all by name
    select * from summed
) as rows
inner join {{ ref('int_series') }} as series on rows.series_id = series.series_id
