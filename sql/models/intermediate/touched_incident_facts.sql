{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('int_claims'), ref('int_told'), ref('int_retellings')] -%}
-- `new` facts that may tell of another incident than before: those of texts of which a telling, or one that it follows,
-- follows another one now.
{%- if is_partial() %}
    with recursive
    followers as (
        select telling_id from changes.int_told
        union
        select telling_id from changes.int_retellings
        union
        select links.telling_id
        from {{ ref('int_retellings') }} as links
        inner join followers on links.earlier_id = followers.telling_id
    ),

    texts as (
        select version_id from {{ changed_claims() }}
        union
        select told.version_id
        from {{ ref('int_told') }} as told
        where told.telling_id in (select followers.telling_id from followers)
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
