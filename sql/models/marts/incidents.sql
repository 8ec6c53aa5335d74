{{
    config(
        materialized='partial', key='incident_id', variables=told_bound('changes.touched_totals'),
        scope='incident_id in (select touched.incident_id from changes.touched_totals as touched)'
    )
}}
{%- set touched_totals = touched('totals') -%}
-- What each event came to, by the newest word; its parts and other sides' dead beside it.
with
told as (
    select
        facts.incident_id,
        claims.fact_id,
        claims.country,
        claims.cause,
        claims.place_id,
        coalesce(claims.place_name, claims.place) as place,
        claims.place_kind,
        claims.latitude,
        claims.longitude,
        claims.voice,
        claims.known_at,
        claims.start_date,
        facts.event_day,
        facts.is_dated,
        facts.is_window,
        facts.is_whole,
        claims.place_kind = 'country' as is_country
    from {{ ref('int_incident_facts') }} as facts
    inner join {{ ref('int_claims') }} as claims on facts.fact_id = claims.fact_id
    where true {{ where_touched('facts.incident_id', touched_totals, start='and') }} {{ and_since('claims.known_at', 'told_since') }}
),

-- Of an event's tellings the first that names the day has it; the place is the first one below country.
events as (
    select
        incident_id,
        min(country) as country,
        min(cause) as cause,
        min_by(event_day, (not is_dated, known_at, fact_id)) filter (where is_whole) as day,
        min_by(coalesce(start_date, event_day), (not is_dated, known_at, fact_id)) filter (where is_whole and is_window)
            as window_start,
        bool_or(is_window) as is_window,
        min_by(
            struct_pack(
                place := place, place_id := place_id, place_kind := place_kind, latitude := latitude, longitude := longitude
            ),
            (place is null, is_country, known_at, fact_id)
        ) as at_place,
        count(distinct voice) as publishers,
        count(*) as reports,
        min(known_at) as first_reported_at,
        max(known_at) as last_reported_at,
        max_by(fact_id, (is_whole, known_at, fact_id)) as latest_fact_id,
        -- Sorted afterwards: an ordered aggregate sorts each group by itself, at three times the cost.
        list_transform(
            list_sort(list({ 'known_at': known_at, 'fact_id': fact_id })), lambda report: report.fact_id
        ) as fact_ids
    from told
    group by incident_id
),

newest as (
    select
        totals.incident_id,
        totals.low,
        totals.best,
        totals.high,
        totals.is_in_proportion,
        series.* exclude (whole_series_id, country),
        row_number() over (
            partition by totals.incident_id
            order by -totals.best, series.population <> 'all', series.side nulls last, totals.series_id
        ) as nth_largest
    from (
        select *
        from {{ ref('int_incident_totals') }}
        {{ where_touched('incident_id', touched_totals) }}
        qualify row_number() over (partition by incident_id, series_id order by known_day desc) = 1
    ) as totals
    inner join {{ ref('int_series') }} as series on totals.series_id = series.series_id
),

others as (
    select
        incident_id,
        list_transform(
            list_sort(list(
                struct_pack(nth := nth_largest, population := population, side := side, low := low, best := best, high := high)
            )),
            lambda part: struct_pack(
                population := part.population, side := part.side, low := part.low, best := part.best, high := part.high
            )
        ) as parts
    from newest
    where nth_largest > 1
    group by incident_id
)

select
    events.incident_id,
    newest.situation_id,
    events.country,
    newest.side,
    newest.population,
    newest.metric,
    newest.unit,
    newest.displacement,
    newest.series_id,
    events.cause,
    coalesce(events.window_start, events.day) as start_day,
    events.day,
    events.is_window,
    events.at_place.place,
    events.at_place.place_id,
    events.at_place.place_kind,
    events.at_place.latitude,
    events.at_place.longitude,
    newest.low,
    newest.best,
    newest.high,
    others.parts,
    events.publishers,
    events.reports,
    events.first_reported_at,
    events.last_reported_at,
    not events.is_window and newest.is_in_proportion as is_summed,
    case
        when events.is_window then 'window'
        when not newest.is_in_proportion then 'lone claim'
    end as why_not_summed,
    events.latest_fact_id,
    events.fact_ids
from events
inner join newest on events.incident_id = newest.incident_id and newest.nth_largest = 1
left join others on events.incident_id = others.incident_id
