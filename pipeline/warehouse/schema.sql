-- The raw tables. Columns are those of pipeline/records.py in the same order, then where the row came from.
-- Times are UTC, as plain timestamps: DuckDB's time zones need an extension that its package leaves out.
-- No primary keys and no indexes: DuckLake has none, and a load replaces a batch's rows in one transaction.
-- Raw is the union of what each batch saw: an article seen by two batches stands twice; staging makes one row a version.
create schema if not exists raw;

create table if not exists raw.feeds (
    feed_id varchar not null,
    url varchar not null,
    publisher varchar not null,
    region varchar not null,
    kind varchar not null,
    language varchar not null,
    sitemap varchar,
    is_active boolean not null,
    every varchar,
    loaded_at timestamp not null
);

create table if not exists raw.polls (
    feed_id varchar not null,
    url varchar not null,
    polled_at timestamp not null,
    status bigint,
    error varchar,
    etag varchar,
    last_modified varchar,
    item_count bigint not null,
    taken_count bigint not null,
    newest_item_at timestamp,
    ttl_seconds bigint,
    wait_seconds bigint,
    batch_id varchar not null,
    loaded_at timestamp not null,
    code_version varchar not null
);

-- Warehouses of before these columns were there get them at the end: rows are inserted by name.
alter table raw.feeds add column if not exists every varchar;
alter table raw.polls add column if not exists ttl_seconds bigint;
alter table raw.polls add column if not exists wait_seconds bigint;

create table if not exists raw.items (
    item_id varchar not null,
    feed_id varchar not null,
    publisher varchar not null,
    url varchar not null,
    guid varchar,
    title varchar not null,
    published_at timestamp,
    listed_at timestamp not null,
    reason varchar not null,
    body varchar,
    batch_id varchar not null,
    loaded_at timestamp not null,
    code_version varchar not null
);

create table if not exists raw.pages (
    page_id varchar not null,
    item_id varchar not null,
    feed_id varchar not null,
    publisher varchar not null,
    requested_url varchar not null,
    url varchar not null,
    status bigint not null,
    fetched_at timestamp not null,
    content_type varchar,
    body_length bigint not null,
    warc_file varchar not null,
    warc_offset bigint not null,
    warc_length bigint not null,
    batch_id varchar not null,
    loaded_at timestamp not null,
    code_version varchar not null
);

create table if not exists raw.articles (
    version_id varchar not null,
    article_id varchar not null,
    url varchar not null,
    copy_of_url varchar,
    item_id varchar not null,
    page_id varchar not null,
    feed_id varchar not null,
    publisher varchar not null,
    title varchar not null,
    text varchar not null,
    language varchar not null,
    published_at timestamp not null,
    published_source varchar not null,
    modified_at timestamp,
    fetched_at timestamp not null,
    similarity bigint[] not null,
    batch_id varchar not null,
    loaded_at timestamp not null,
    code_version varchar not null
);

create table if not exists raw.facts (
    fact_id varchar not null,
    version_id varchar not null,
    article_id varchar not null,
    metric varchar not null,
    unit varchar not null,
    low bigint,
    high bigint,
    quantifier varchar not null,
    measure varchar not null,
    start_date date,
    end_date date,
    place varchar,
    place_id bigint,
    place_name varchar,
    place_kind varchar,
    latitude double,
    longitude double,
    country varchar,
    victims varchar,
    victim_type varchar not null,
    population varchar not null,
    side varchar,
    displacement varchar,
    attribution varchar,
    subset_of varchar,
    background boolean not null,
    implicit boolean not null,
    cause varchar not null,
    number_text varchar not null,
    number_start bigint not null,
    number_end bigint not null,
    evidence varchar not null,
    evidence_start bigint not null,
    evidence_end bigint not null,
    confidence double not null,
    extractor varchar not null,
    batch_id varchar not null,
    loaded_at timestamp not null,
    code_version varchar not null
);

create table if not exists raw.rejected (
    stage varchar not null,
    reason varchar not null,
    detail varchar not null,
    item_id varchar,
    feed_id varchar,
    url varchar,
    rejected_at timestamp not null,
    batch_id varchar not null,
    loaded_at timestamp not null,
    code_version varchar not null
);

-- Rows that a later load of the same batch changed or no longer has: what we used to know, and until when.
create table if not exists raw.retired_articles as
select *, cast(null as timestamp) as retired_at from raw.articles limit 0;

create table if not exists raw.retired_facts as
select *, cast(null as timestamp) as retired_at from raw.facts limit 0;

-- A row a load of a batch; the newest one of a batch says what stands in the tables now.
create table if not exists raw.loads (
    load_id varchar not null,
    batch_id varchar not null,
    kind varchar not null,
    as_of timestamp not null,
    created_at timestamp not null,
    loaded_at timestamp not null,
    code_version varchar not null,
    extractor varchar not null,
    items bigint not null,
    new_articles bigint not null,
    new_versions bigint not null,
    unchanged bigint not null,
    duplicates bigint not null,
    rejected bigint not null,
    facts bigint not null,
    rows_added bigint not null,
    rows_retired bigint not null
);

-- What became of each item: new_article, new_version, unchanged, duplicate or rejected. Exactly one each: the books.
-- `wanted` lists batches; null asks for all.
-- "Before" is by the moment that batches stand for (as_of), not by when they were loaded: any order gives the same answer.
create or replace macro raw.outcomes_of(wanted) as table (
    with
    batches as (
        select batch_id, as_of
        from raw.loads
        qualify row_number() over (partition by batch_id order by loaded_at desc) = 1
    ),
    seen as (
        select
            articles.batch_id,
            articles.item_id,
            articles.article_id,
            articles.version_id,
            row_number() over (
                partition by articles.article_id, articles.batch_id order by articles.fetched_at, articles.item_id
            ) as nth_in_batch,
            dense_rank() over (
                partition by articles.article_id order by batches.as_of, articles.batch_id
            ) as nth_batch_of_article,
            dense_rank() over (
                partition by articles.version_id order by batches.as_of, articles.batch_id
            ) as nth_batch_of_version
        from raw.articles as articles
        inner join batches on articles.batch_id = batches.batch_id
        where
            wanted is null
            or articles.article_id in (select mine.article_id from raw.articles as mine where mine.batch_id in (select unnest(wanted)))
    ),
    refused as (
        select batch_id, item_id, min(stage) as stage, min_by(reason, stage) as reason
        from raw.rejected
        where item_id is not null and (wanted is null or batch_id in (select unnest(wanted)))
        group by batch_id, item_id
    )
    select
        items.batch_id,
        items.item_id,
        items.feed_id,
        seen.article_id,
        seen.version_id,
        case
            when seen.item_id is null and refused.item_id is not null then 'rejected'
            when seen.nth_in_batch > 1 then 'duplicate'
            when seen.nth_batch_of_article = 1 then 'new_article'
            when seen.nth_batch_of_version = 1 then 'new_version'
            when seen.item_id is not null then 'unchanged'
        end as outcome,
        refused.stage as rejected_stage,
        refused.reason as rejected_reason
    from raw.items as items
    left join seen on items.batch_id = seen.batch_id and items.item_id = seen.item_id
    left join refused on items.batch_id = refused.batch_id and items.item_id = refused.item_id
    where wanted is null or items.batch_id in (select unnest(wanted))
);

create or replace view raw.item_outcomes as
select * from raw.outcomes_of(null);
