{{ config(materialized='table', schema='changes') }}
{%- set claims = ref('int_claims') -%}
-- Situations of which a partial build looks again for the day on which a second voice spoke: those told of otherwise up to that day.
{%- if is_partial() %}
    select distinct claims.situation_id
    from {{ changed_claims() }} as claims
    left join intermediate.int_second_voices as stood on claims.situation_id = stood.situation_id
    where stood.second_voice_day is null or claims.known_day <= stood.second_voice_day
{%- else %}
    select situation_id
    from {{ claims }}
    where false
{%- endif %}
