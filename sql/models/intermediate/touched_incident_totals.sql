{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_incidents'), ref('int_incident_states'), ref('int_second_voices'), ref('int_series')] -%}
-- Incidents that a partial build weighs again: those of which more or less is told, and those of which one voice claims much, where
-- other incidents of the series moved on that day or before, or another day is that of the second voice.
{%- if is_partial() %}
    with
    moved as (
        select distinct
            incident_id,
            series_id,
            known_day
        from changes.int_incident_states
    ),

    wholes as (
        select
            series_id,
            whole_series_id
        from {{ ref('int_series') }}
        union
        -- Series that are no longer there.
        select
            series_id,
            whole_series_id
        from intermediate.int_incident_totals
        where incident_id in (select moved.incident_id from moved)
    ),

    first_days as (
        select
            unnest([wholes.series_id, wholes.whole_series_id]) as series_id,
            moved.known_day
        from moved
        inner join wholes on moved.series_id = wholes.series_id
    ),

    since as (
        select
            series_id,
            min(known_day) as first_day
        from first_days
        group by series_id
    )

    select incident_id from {{ ref('touched_incidents') }}
    union
    select lone.incident_id
    from intermediate.int_incident_totals as lone
    left join since on lone.series_id = since.series_id
    where
        lone.voices <= 1 and lone.best > 30
        and (
            lone.known_day >= since.first_day
            or lone.situation_id in (select changed.situation_id from changes.int_second_voices as changed)
        )
{%- else %}
    select incident_id
    from {{ ref('int_incident_states') }}
    where false
{%- endif %}
