{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_incidents'), ref('int_incident_totals')] -%}
-- Incidents that a partial build sums up again: those of which more or less is told, or that came into proportion.
{%- if is_partial() %}
    select incident_id from {{ ref('touched_incidents') }}
    union
    select incident_id from changes.int_incident_totals
{%- else %}
    select incident_id from {{ ref('int_incident_totals') }}
    where false
{%- endif %}
