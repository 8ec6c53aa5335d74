{{ config(materialized='table_function', parameters=['wanted_ids'], schema='main') }}
-- From fact ids to their sentences, articles and archived pages; facts that a later load retired are found too.
with
told as (
    select
        fact_id,
        version_id,
        batch_id,
        number_text,
        metric,
        measure,
        attribution,
        evidence,
        extractor,
        false as is_retired
    from {{ source('raw', 'facts') }}
    where fact_id in (select unnest(wanted_ids))
    union all
    select
        fact_id,
        version_id,
        batch_id,
        number_text,
        metric,
        measure,
        attribution,
        evidence,
        extractor,
        true as is_retired
    from {{ source('raw', 'retired_facts') }}
    where fact_id in (select unnest(wanted_ids))
),

texts as (
    select
        version_id,
        batch_id,
        url,
        title,
        publisher,
        published_at,
        fetched_at,
        page_id
    from {{ source('raw', 'articles') }}
    where version_id in (select told.version_id from told)
    union all
    select
        version_id,
        batch_id,
        url,
        title,
        publisher,
        published_at,
        fetched_at,
        page_id
    from {{ source('raw', 'retired_articles') }}
    where version_id in (select told.version_id from told)
)

select
    told.* exclude (batch_id),
    texts.url,
    texts.title,
    texts.publisher,
    texts.published_at,
    texts.fetched_at,
    pages.page_id,
    pages.warc_file,
    pages.warc_offset,
    pages.warc_length
from told
inner join texts on told.version_id = texts.version_id and told.batch_id = texts.batch_id
left join {{ source('raw', 'pages') }} as pages
    on texts.page_id = pages.page_id and texts.batch_id = pages.batch_id
qualify row_number() over (
    partition by told.fact_id order by told.is_retired, texts.fetched_at, told.batch_id, pages.warc_file, pages.warc_offset
) = 1
