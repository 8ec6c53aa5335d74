{{ config(materialized='partial', scope='article_id in (select touched.article_id from changes.touched_articles as touched)') }}
{%- set touched_articles = touched('articles') %}
-- How the texts of an edited article followed one another. It may be edited and edited back: each time that another text is found than before
-- begins a spell of that text.
with
articles as (
    select
        version_id,
        article_id,
        published_at,
        modified_at,
        batch_id,
        item_id,
        fetched_at
    from {{ source('raw', 'articles') }}
    {{ where_touched('article_id', touched_articles) }}
),

-- Few articles were ever edited: the windows see those alone.
edited as (
    select article_id
    from articles
    group by article_id
    having min(version_id) <> max(version_id)
),

versions as (
    select
        version_id,
        arg_min(published_at, (fetched_at, batch_id, item_id)) as published_at,
        row_number() over (partition by article_id order by min(fetched_at), version_id) as version_number,
        count(*) over (partition by article_id) as version_count
    from articles
    where article_id in (select edited.article_id from edited)
    group by article_id, version_id
),

seen as (
    select
        sightings.article_id,
        sightings.version_id,
        versions.version_number,
        versions.version_count,
        sightings.fetched_at,
        sightings.modified_at,
        versions.published_at,
        row_number() over sighted as nth,
        lag(sightings.version_id) over sighted as version_before
    from articles as sightings
    inner join versions on sightings.version_id = versions.version_id
    window sighted as (
        partition by sightings.article_id
        order by sightings.fetched_at, versions.version_number, sightings.batch_id, sightings.item_id
    )
),

spells as (
    select * from seen
    where version_id is distinct from version_before
),

-- When the public could know it: the article's first text when it was published, another one when it was edited.
begun as (
    select
        *,
        max(case
            when nth = 1 then least(published_at, fetched_at)
            when modified_at between published_at and fetched_at then modified_at
            else fetched_at
        end) over (partition by article_id order by nth rows between unbounded preceding and current row) as begun_at
    from spells
)

select
    article_id,
    row_number() over article as spell_number,
    version_id,
    version_number,
    version_count,
    version_before,
    begun_at,
    lead(begun_at) over article as ended_at
from begun
window article as (partition by article_id order by nth)
