with
sightings as (
    select
        articles.*,
        coalesce(loads.as_of, articles.fetched_at) as as_of,
        row_number() over (
            partition by articles.version_id
            order by articles.fetched_at, articles.batch_id, articles.item_id
        ) as nth_sighting,
        row_number() over (
            partition by articles.version_id
            order by loads.extractor_numbers desc nulls last, loads.as_of desc nulls last, articles.batch_id desc
        ) as nth_reading
    from {{ source('raw', 'articles') }} as articles
    left join {{ ref('stg_loads') }} as loads on articles.batch_id = loads.batch_id
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
),

numbered as (
    select
        *,
        row_number() over (partition by article_id order by first_seen_at, version_id) as version_number,
        count(*) over (partition by article_id) as version_count
    from versions
),

-- When the public could know this text: the first version when it was published, a later one when it was edited.
known as (
    select
        *,
        case
            when version_number = 1 then least(published_at, first_seen_at)
            when modified_at between published_at and first_seen_at then modified_at
            else first_seen_at
        end as text_at
    from numbered
),

ordered as (
    select
        *,
        max(text_at) over (
            partition by article_id order by version_number rows between unbounded preceding and current row
        ) as known_at
    from known
)

select
    * exclude (text_at),
    lead(known_at) over (partition by article_id order by version_number) as superseded_at,
    version_number = version_count as is_current
from ordered
