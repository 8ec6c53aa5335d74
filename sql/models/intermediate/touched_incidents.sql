{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('int_claims'), ref('int_incident_facts')] -%}
-- Incidents of which a partial build adds up the tellings again.
{%- if is_partial() %}
    select incident_id from changes.int_incident_facts
    union
    select incident_id from {{ ref('int_incident_facts') }}
    where fact_id in (select claims.fact_id from {{ changed_claims() }} as claims)
{%- else %}
    select incident_id from {{ ref('int_incident_facts') }}
    where false
{%- endif %}
