with
totals as (
    select *
    from {{ ref('int_claims') }}
    where measure = 'total'
),

days as (
    select distinct
        series_id,
        known_day as day
    from totals
),

voices as (
    select
        days.series_id,
        days.day,
        totals.publisher,
        arg_max(totals.count_best, (totals.known_at, totals.fact_id)) as best,
        max(totals.known_day) as newest_day,
        list(totals.fact_id order by totals.fact_id) as fact_ids
    from days
    inner join totals
        on
            days.series_id = totals.series_id
            and totals.known_day between days.day - 6 and days.day
            and (totals.superseded_day is null or days.day < totals.superseded_day)
    group by all
),

series as (
    select distinct
        series_id,
        situation_id,
        country,
        side,
        population,
        metric,
        unit,
        displacement
    from {{ ref('int_claims') }}
),

reported as (
    select
        series_id,
        day,
        'reported' as method,
        cast(min(best) as bigint) as low,
        cast(median(best) as bigint) as best,
        cast(max(best) as bigint) as high,
        count(*) as publishers,
        day - max(newest_day) as newest_claim_age,
        flatten(list(fact_ids)) as fact_ids
    from voices
    group by series_id, day
),

summed as (
    select
        series_id,
        day,
        'summed' as method,
        cast(sum(low) over series_days as bigint) as low,
        cast(sum(best) over series_days as bigint) as best,
        cast(sum(high) over series_days as bigint) as high,
        null::bigint as publishers,
        0 as newest_claim_age,
        fact_ids
    from {{ ref('daily_new') }}
    window series_days as (partition by series_id order by day)
)

select
    series.*,
    rows.* exclude (series_id)
from (
    select * from reported
    union all by name
    select * from summed
) as rows
inner join series on rows.series_id = series.series_id
