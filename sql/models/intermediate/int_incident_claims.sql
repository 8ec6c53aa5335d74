-- One row an incident, series and day on which something was said of it: what stood that evening.
with
claims as (
    select
        facts.incident_id,
        claims.series_id,
        claims.known_day,
        claims.publisher,
        claims.fact_id,
        claims.count_low,
        claims.count_best,
        coalesce(claims.count_high, claims.count_best) as count_high,
        row_number() over (
            partition by facts.incident_id, claims.series_id, claims.publisher, claims.known_day
            order by claims.known_at desc, claims.count_best desc, claims.fact_id asc
        ) as nth_newest
    from {{ ref('int_incident_facts') }} as facts
    inner join {{ ref('int_claims') }} as claims on facts.fact_id = claims.fact_id
),

days as (
    select distinct
        incident_id,
        series_id,
        known_day
    from claims
),

-- What each publisher said last, that day or the day before.
voices as (
    select
        days.incident_id,
        days.series_id,
        days.known_day,
        claims.publisher,
        max_by(claims.count_low, claims.known_day) as low,
        max_by(claims.count_best, claims.known_day) as best,
        max_by(claims.count_high, claims.known_day) as high
    from days
    inner join claims
        on
            days.incident_id = claims.incident_id and days.series_id = claims.series_id
            and claims.known_day between days.known_day - 1 and days.known_day and claims.nth_newest = 1
    group by days.incident_id, days.series_id, days.known_day, claims.publisher
),

medians as (
    select
        incident_id,
        series_id,
        known_day,
        min(low) as low,
        cast(quantile_disc(best, 0.5) as bigint) as best,
        max(high) as high,
        count(*) as voices
    from voices
    group by incident_id, series_id, known_day
)

-- A lone voice does not lower a toll: it may repeat an early report.
select
    incident_id,
    series_id,
    known_day,
    low,
    case when voices > 1 then best else greatest(best, max(best) over earlier) end as best,
    case when voices > 1 then high else greatest(high, max(best) over earlier) end as high,
    voices
from medians
window earlier as (
    partition by incident_id, series_id order by known_day rows between unbounded preceding and 1 preceding
)
