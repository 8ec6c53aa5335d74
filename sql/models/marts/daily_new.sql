{%- set counted_again -%}
    (select incident_id from marts.incidents where day in (select touched.day from changes.touched_days as touched))
{%- endset -%}
{{
    config(
        materialized='partial', key='series_id, day', variables=told_bound(counted_again),
        scope='(series_id, day) in (select touched.series_id, touched.day from changes.touched_days as touched)'
    )
}}
{%- set touched_days = touched('days') -%}
{%- set is_touched %} and exists (
    select 1 from {{ touched_days }} as touched
    where touched.series_id = newest.series_id and touched.day = incidents.day
)
{%- endset %}
-- Incidents added up by the day of the harm. A window of many days belongs to none of them and is left out.
with
newest as (
    select totals.*
    from {{ ref('int_incident_totals') }} as totals
    {%- if is_partial() %}
    where totals.incident_id in (select again.incident_id from {{ counted_again }} as again)
    {%- endif %}
    qualify row_number() over (partition by totals.incident_id, totals.series_id order by totals.known_day desc) = 1
),

counted as (
    select
        newest.series_id,
        newest.incident_id,
        incidents.day,
        newest.low,
        newest.best,
        newest.high,
        newest.voices
    from newest
    inner join {{ ref('incidents') }} as incidents on newest.incident_id = incidents.incident_id
    where newest.is_in_proportion and not incidents.is_window {{- is_touched if is_partial() }}
),

sums as (
    select
        series_id,
        day,
        sum(low)::bigint as low,
        sum(best)::bigint as best,
        sum(high)::bigint as high,
        count(*) as incidents,
        max(voices) as publishers
    from counted
    group by series_id, day
),

-- A whole has its parts' facts behind it too.
told as (
    select
        facts.incident_id,
        facts.fact_id,
        unnest(list_distinct([series.series_id, series.whole_series_id])) as series_id
    from {{ ref('int_incident_facts') }} as facts
    inner join {{ ref('int_claims') }} as claims on facts.fact_id = claims.fact_id
    inner join {{ ref('int_series') }} as series on claims.series_id = series.series_id
    where true {{ where_touched('facts.incident_id', 'counted', start='and') }} {{ and_since('claims.known_at', 'told_since') }}
),

behind as (
    select
        counted.series_id,
        counted.day,
        list_sort(list(told.fact_id)) as fact_ids
    from counted
    inner join told on counted.incident_id = told.incident_id and counted.series_id = told.series_id
    group by counted.series_id, counted.day
)

select
    {{ series_columns('series') }},
    sums.day,
    sums.low,
    sums.best,
    sums.high,
    sums.incidents,
    sums.publishers,
    behind.fact_ids
from sums
inner join {{ ref('int_series') }} as series on sums.series_id = series.series_id
inner join behind on sums.series_id = behind.series_id and sums.day = behind.day
