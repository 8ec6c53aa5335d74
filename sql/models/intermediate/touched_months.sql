{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('stg_versions'), ref('touched_claims'), ref('touched_syndication'), ref('int_syndication')] -%}
-- Months of which a partial build counts again what publishers printed: those of touched texts, of the texts that these copy or copied, and of
-- the week after, when others may have told their counts again.
{%- if is_partial() %}
    with
    texts as (
        select version_id from {{ ref('touched_claims') }}
        union
        select version_id from {{ ref('touched_syndication') }}
    ),

    leaders as (
        select version_id from texts
        union
        select syndication_id from {{ ref('int_syndication') }}
        {{ where_touched('version_id', 'texts') }}
        union
        select syndication_id from changes.int_syndication
    ),

    known as (
        select known_at from {{ ref('stg_versions') }}
        {{ where_touched('version_id', 'leaders') }}
        union
        select known_at from changes.stg_versions
    )

    select distinct cast(date_trunc('month', known_at + steps.later) as date) as month
    from known
    cross join (select unnest([interval 0 days, interval 7 days]) as later) as steps
{%- else %}
    select cast(known_at as date) as month from {{ ref('stg_versions') }}
    where false
{%- endif %}
