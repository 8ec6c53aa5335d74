{{
    config(
        materialized='partial', key='version_id',
        scope='version_id in (select touched.version_id from changes.touched_syndication as touched)'
    )
}}
{%- set touched_syndication = touched('syndication') -%}
-- Which agency text each text carries. A copy of a copy: chains of up to four are followed.
with
links as (
    select
        version_id,
        leader_id
    from {{ ref('int_copies') }}
    {{ where_touched('version_id', touched_syndication) }}
),
{% for step in range(3) %}
    {{ 'followed' if loop.last else 'followed_' ~ loop.index }} as (
        select
            links.version_id,
            coalesce(further.leader_id, links.leader_id) as leader_id
        from {{ 'links' if loop.first else 'followed_' ~ loop.index0 }} as links
        left join {{ ref('int_copies') }} as further on links.leader_id = further.version_id
    ){{ ',' if not loop.last }}
{% endfor %}
-- A copy speaks with the voice of whoever published the text first.
select
    versions.version_id,
    coalesce(followed.leader_id, versions.version_id) as syndication_id,
    followed.leader_id is not null as is_copy,
    coalesce(leaders.publisher, versions.publisher) as voice
from {{ ref('stg_versions') }} as versions
left join followed on versions.version_id = followed.version_id
left join {{ ref('stg_versions') }} as leaders on followed.leader_id = leaders.version_id
{{ where_touched('versions.version_id', touched_syndication) }}
