{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_totals'), ref('int_incident_totals'), ref('incidents')] -%}
-- Series and days of which a partial build adds incidents up again.
{%- if is_partial() %}
    with
    touched as (
        select incident_id from {{ ref('touched_totals') }}
        union
        select incident_id from changes.incidents
    ),

    series as (
        select
            incident_id,
            series_id
        from {{ ref('int_incident_totals') }}
        {{ where_touched('incident_id', 'touched') }}
        union
        select
            incident_id,
            series_id
        from changes.int_incident_totals
    ),

    days as (
        select
            incident_id,
            day
        from {{ ref('incidents') }}
        {{ where_touched('incident_id', 'touched') }}
        union
        select
            incident_id,
            day
        from changes.incidents
    )

    select distinct
        series.series_id,
        days.day
    from series
    inner join days on series.incident_id = days.incident_id
{%- else %}
    select
        series_id,
        known_day as day
    from {{ ref('int_incident_totals') }}
    where false
{%- endif %}
