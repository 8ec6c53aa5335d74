{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_articles'), ref('stg_versions'), ref('int_copies')] -%}
-- Texts that another text or another publisher may lead now: touched ones, and whatever copies one over up to four steps.
{%- if is_partial() %}
    with
    step_0 as (
        select version_id from {{ ref('stg_versions') }}
        {{ where_touched('article_id', ref('touched_articles')) }}
        union
        select version_id from changes.stg_versions
        union
        select version_id from changes.int_copies
    ),
    {% for step in range(1, 5) %}
    step_{{ step }} as (
        select version_id from {{ ref('int_copies') }}
        where leader_id in (select before.version_id from step_{{ step - 1 }} as before)
        union
        select version_id from step_{{ step - 1 }}
    ),
    {% endfor %}
    touched as (
        select version_id from step_4
    )

    select version_id from touched
{%- else %}
    select version_id from {{ ref('stg_versions') }}
    where false
{%- endif %}
