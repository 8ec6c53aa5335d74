{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_articles'), ref('stg_versions'), ref('int_syndication')] -%}
-- Texts whose facts a partial build reads again: those of touched articles, and those that speak with another voice now.
{%- if is_partial() %}
    select version_id from {{ ref('stg_versions') }}
    {{ where_touched('article_id', ref('touched_articles')) }}
    union
    select version_id from changes.stg_versions
    union
    select version_id from changes.int_syndication
{%- else %}
    select version_id from {{ ref('stg_versions') }}
    where false
{%- endif %}
