{{
    config(
        materialized='partial', key='version_id', variables=article_bounds('changes.touched_articles'),
        scope="article_id in (select touched.article_id from changes.touched_articles as touched) and first_loaded_at >= getvariable('stood_since')"
    )
}}
{%- set touched_articles = touched('articles') %}
with
articles as (
    select
        version_id,
        article_id,
        publisher,
        feed_id,
        url,
        copy_of_url,
        title,
        language,
        page_id,
        published_at,
        published_source,
        modified_at,
        batch_id,
        item_id,
        fetched_at,
        loaded_at
    from {{ source('raw', 'articles') }}
    where true {{ where_touched('article_id', touched_articles, start='and') }} {{ and_since('loaded_at', 'loaded_since') }}
),

-- Few texts were seen more than once: the windows see those alone.
seen_again as (
    select version_id
    from articles
    group by version_id
    having count(*) > 1
),

sightings as (
    select
        articles.*,
        row_number() over (
            partition by articles.version_id
            order by articles.fetched_at, articles.batch_id, articles.item_id
        ) as nth_sighting,
        row_number() over (
            partition by articles.version_id
            order by loads.extractor_numbers desc nulls last, loads.as_of desc nulls last, articles.batch_id desc
        ) as nth_reading
    from articles
    left join {{ ref('stg_loads') }} as loads on articles.batch_id = loads.batch_id
    where articles.version_id in (select seen_again.version_id from seen_again)
),

versions as (
    select
        version_id,
        any_value(article_id) as article_id,
        any_value(publisher) filter (where nth_sighting = 1) as publisher,
        any_value(feed_id) filter (where nth_sighting = 1) as feed_id,
        any_value(url) filter (where nth_sighting = 1) as url,
        any_value(copy_of_url) filter (where nth_sighting = 1) as copy_of_url,
        any_value(title) filter (where nth_sighting = 1) as title,
        any_value(language) filter (where nth_sighting = 1) as language,
        any_value(page_id) filter (where nth_sighting = 1) as page_id,
        any_value(published_at) filter (where nth_sighting = 1) as published_at,
        any_value(published_source) filter (where nth_sighting = 1) as published_source,
        any_value(modified_at) filter (where nth_sighting = 1) as modified_at,
        any_value(batch_id) filter (where nth_reading = 1) as batch_id,
        min(fetched_at) as first_seen_at,
        max(fetched_at) as last_seen_at,
        min(loaded_at) as first_loaded_at,
        count(*) as sightings
    from sightings
    group by version_id
    union all
    select
        articles.* exclude (item_id, fetched_at, loaded_at),
        articles.fetched_at as first_seen_at,
        articles.fetched_at as last_seen_at,
        articles.loaded_at as first_loaded_at,
        1 as sightings
    from articles
    where articles.version_id not in (select seen_again.version_id from seen_again)
),

-- A version is known since the first day whose evening it saw: what happens later never changes that. One that saw no
-- evening is of the last day that it was there.
dated as (
    select
        *,
        cast(begun_at as date) as begun_day,
        coalesce(
            min(begun_day) filter (where ended_at is null or cast(ended_at as date) > begun_day) over (partition by version_id),
            max(begun_day) over (partition by version_id)
        ) as known_day
    from {{ ref('stg_spells') }}
    {{ where_touched('article_id', touched_articles) }}
),

stood as (
    select
        version_id,
        any_value(version_number) as version_number,
        any_value(version_count) as version_count,
        min(begun_at) filter (where begun_day = known_day) as known_at,
        case when count(*) = count(ended_at) then max(ended_at) end as superseded_at
    from dated
    group by version_id
)

select
    versions.*,
    coalesce(stood.version_number, 1) as version_number,
    coalesce(stood.version_count, 1) as version_count,
    coalesce(stood.known_at, least(versions.published_at, versions.first_seen_at)) as known_at,
    stood.superseded_at,
    stood.superseded_at is null as is_current
from versions
left join stood on versions.version_id = stood.version_id
