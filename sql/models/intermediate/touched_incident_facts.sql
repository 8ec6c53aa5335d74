{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('int_claims'), ref('int_told'), ref('int_retellings')] -%}
-- `new` facts that may tell of another incident than before: those of texts of which a telling changed or follows another one now, and
-- whatever was of one incident with such a telling, as it may have followed it.
{%- if is_partial() %}
    with
    changed as (
        select fact_id from changes.int_told
        union
        select told.fact_id
        from {{ ref('int_told') }} as told
        where told.telling_id in (select links.telling_id from changes.int_retellings as links)
    ),

    together as (
        select fact_id
        from intermediate.int_incident_facts
        where
            incident_id in (
                select standing.incident_id from intermediate.int_incident_facts as standing
                where standing.fact_id in (select changed.fact_id from changed)
            )
        union
        select fact_id from changed
    ),

    texts as (
        select version_id from {{ changed_claims() }}
        union
        select told.version_id
        from {{ ref('int_told') }} as told
        where told.fact_id in (select together.fact_id from together)
    )

    select
        fact_id,
        version_id
    from {{ ref('int_claims') }}
    where measure = 'new' and version_id in (select texts.version_id from texts)
    union
    select
        fact_id,
        version_id
    from {{ changed_claims() }}
    where not is_new
{%- else %}
    select
        fact_id,
        version_id
    from {{ ref('int_claims') }}
    where false
{%- endif %}
