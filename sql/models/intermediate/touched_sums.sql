{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_totals'), ref('int_incident_totals')] -%}
-- Series of which a partial build adds new harm up again, each from the first day on which its incidents moved otherwise.
{%- if is_partial() %}
    select
        series_id,
        min(known_day) as first_day
    from (
        select
            series_id,
            known_day
        from {{ ref('int_incident_totals') }}
        {{ where_touched('incident_id', ref('touched_totals')) }}
        union all
        select
            series_id,
            known_day
        from changes.int_incident_totals
    )
    group by series_id
{%- else %}
    select
        series_id,
        known_day as first_day
    from {{ ref('int_incident_totals') }}
    where false
{%- endif %}
