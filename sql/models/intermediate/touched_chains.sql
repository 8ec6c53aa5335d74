{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('int_told'), ref('int_retellings')] -%}
-- Tellings that may be of another incident than before: those of which a telling, or one that it follows, follows another one now.
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
    )

    select telling_id from followers
{%- else %}
    select telling_id
    from {{ ref('int_told') }}
    where false
{%- endif %}
