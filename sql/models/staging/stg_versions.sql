{{
    config(
        materialized='partial', key='version_id',
        scope='article_id in (select touched.article_id from changes.touched_articles as touched)'
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
    {{ where_touched('article_id', touched_articles) }}
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

-- Few articles were ever edited: the windows see those alone.
edited as (
    select article_id
    from articles
    group by article_id
    having min(version_id) <> max(version_id)
),

numbers as (
    select
        version_id,
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
        sightings.fetched_at,
        sightings.modified_at,
        versions.published_at,
        row_number() over sighted as nth,
        lag(sightings.version_id) over sighted as version_before
    from articles as sightings
    inner join numbers on sightings.version_id = numbers.version_id
    inner join versions on sightings.version_id = versions.version_id
    window sighted as (
        partition by sightings.article_id
        order by sightings.fetched_at, numbers.version_number, sightings.batch_id, sightings.item_id
    )
),

-- An article may be edited and edited back: each time that another text is found than before begins a spell of that text.
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
),

ended as (
    select
        *,
        cast(begun_at as date) as begun_day,
        lead(begun_at) over (partition by article_id order by nth) as ended_at
    from begun
),

-- A version is known since the first day whose evening it saw: what happens later never changes that. One that saw no
-- evening is of the last day that it was there.
dated as (
    select
        *,
        coalesce(
            min(begun_day) filter (where ended_at is null or cast(ended_at as date) > begun_day) over (partition by version_id),
            max(begun_day) over (partition by version_id)
        ) as known_day
    from ended
),

stood as (
    select
        version_id,
        min(begun_at) filter (where begun_day = known_day) as known_at,
        case when count(*) = count(ended_at) then max(ended_at) end as superseded_at
    from dated
    group by version_id
)

select
    versions.*,
    coalesce(numbers.version_number, 1) as version_number,
    coalesce(numbers.version_count, 1) as version_count,
    coalesce(stood.known_at, least(versions.published_at, versions.first_seen_at)) as known_at,
    stood.superseded_at,
    stood.superseded_at is null as is_current
from versions
left join numbers on versions.version_id = numbers.version_id
left join stood on versions.version_id = stood.version_id
