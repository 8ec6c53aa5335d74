with
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

grown as (
    select
        *,
        min({ 'day': day, 'best': best }) over four_weeks as earliest,
        min(day) over (
            partition by series_id, best order by day
            range between interval 28 days preceding and current row
        ) as best_since,
        coalesce(lead(day) over (partition by series_id order by day) - 1, day + 7) as last_day
    from {{ ref('int_reported_totals') }}
    window four_weeks as (
        partition by series_id order by day range between interval 28 days preceding and current row
    )
),

-- The share by which the count grew a day, over the last four weeks.
paced as (
    select
        *,
        case
            when earliest.best < best and earliest.day < day
                then least(ln(best / earliest.best) / (day - earliest.day), 0.3)
            else 0
        end as pace
    from grown
),

carried as (
    select
        *,
        unnest(range(cast(day as timestamp), cast(least(last_day, day + 7) + 1 as timestamp), interval 1 day)) as at_day
    from paced
),

reported as (
    select
        series_id,
        cast(at_day as date) as day,
        'reported' as method,
        low,
        best,
        -- A count that grew may have grown since it was taken, and was taken a day or two before it was printed; by half at
        -- the most, since growth slows.
        cast(high * exp(least(pace * (cast(at_day as date) - best_since + 2), 0.4)) as bigint) as high,
        publishers,
        cast(at_day as date) - newest_day as newest_claim_age,
        claimants,
        is_confirmed,
        best as said_best,
        day as said_day
    from carried
),

behind as (
    select
        totals.series_id,
        totals.day,
        flatten(list(
            tellings.fact_ids order by tellings.day, tellings.voice, tellings.claimant, tellings.fact_ids
        )) as fact_ids
    from {{ ref('int_reported_totals') }} as totals
    inner join {{ ref('int_tellings') }} as tellings
        on
            totals.series_id = tellings.series_id
            and totals.best = tellings.value
            and tellings.day between totals.day - 45 and totals.day
    group by totals.series_id, totals.day
),

reported_behind as (
    select
        reported.* exclude (said_best, said_day),
        behind.fact_ids
    from reported
    inner join behind on reported.series_id = behind.series_id and reported.said_day = behind.day
),

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
    series.situation_id,
    series.country,
    series.side,
    series.population,
    series.metric,
    series.unit,
    series.displacement,
    series.series_id,
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
    select * from reported_behind
    union all by name
    select * from summed
) as rows
inner join series on rows.series_id = series.series_id
