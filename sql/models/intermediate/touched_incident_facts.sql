{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('int_claims'), ref('int_told'), ref('touched_chains')] -%}
-- `new` facts that may tell of another incident than before: those of texts of which a telling may.
{%- if is_partial() %}
    with
    texts as (
        select
            version_id,
            known_at
        from {{ changed_claims() }}
        union
        select
            version_id,
            known_at
        from {{ ref('int_told') }}
        {{ where_touched('telling_id', ref('touched_chains')) }}
    )

    select
        fact_id,
        version_id,
        known_at
    from {{ ref('int_claims') }}
    -- By time as well: what is stored by time is read in part.
    where measure = 'new' and (version_id, known_at) in (select (texts.version_id, texts.known_at) from texts)
    union
    select
        fact_id,
        version_id,
        known_at
    from {{ changed_claims() }}
    where not is_new
{%- else %}
    select
        fact_id,
        version_id,
        known_at
    from {{ ref('int_claims') }}
    where false
{%- endif %}
