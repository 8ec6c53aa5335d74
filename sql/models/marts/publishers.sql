{{ config(materialized='partial', scope='month in (select touched.month from changes.touched_months as touched)') }}
{%- set touched_months = touched('months') -%}
{%- set copied_since = "(select min(touched.month) from " ~ touched_months ~ " as touched)" -%}
-- What each publisher printed in a month: texts of others, texts that others took, and how far behind its counts were.
with
texts as (
    select
        versions.version_id,
        versions.article_id,
        versions.publisher,
        cast(date_trunc('month', versions.known_at) as date) as month,
        versions.is_current,
        syndication.syndication_id,
        syndication.is_copy and syndication.voice <> versions.publisher as is_taken
    from {{ ref('stg_versions') }} as versions
    inner join {{ ref('int_syndication') }} as syndication on versions.version_id = syndication.version_id
    -- Whoever copies a text does so later.
    {{ 'where versions.known_at >= ' ~ copied_since if is_partial() }}
),

taken as (
    select distinct syndication_id as version_id
    from texts
    where is_taken and is_current
),

printed as (
    select
        publisher,
        month,
        count(*) filter (where is_current) as articles,
        count(*) filter (where is_current and is_taken) as copies,
        count(distinct article_id) filter (where version_id in (select taken.version_id from taken)) as copied
    from texts
    {{ where_touched('month', touched_months) }}
    group by publisher, month
),

-- A publisher tells a running count when it has not said that number of the series in the week before.
said as (
    select
        publisher,
        known_at,
        min(known_at) over (
            partition by series_id, count_best order by known_at
            range between interval 7 days preceding and current row
        ) as first_said_at,
        lag(known_at) over (partition by series_id, count_best, publisher order by known_at) as said_before_at
    from {{ ref('int_claims') }}
    where is_total {{- ' and known_at >= ' ~ copied_since ~ ' - 7' if is_partial() }}
),

told as (
    select
        publisher,
        cast(date_trunc('month', known_at) as date) as month,
        count(*) as counts,
        count(*) filter (where known_at > first_said_at) as followed_counts,
        -- An approximate median would do, and depend on the order of rows.
        median(epoch(known_at - first_said_at) / 3600) filter (where known_at > first_said_at) as median_lag
    from said
    where said_before_at is null or said_before_at < known_at - interval 7 days
    group by all
)

select
    printed.publisher,
    printed.month,
    printed.articles,
    printed.copies,
    printed.copied,
    coalesce(told.counts, 0) as counts,
    coalesce(told.followed_counts, 0) as followed_counts,
    told.median_lag
from printed
left join told on printed.publisher = told.publisher and printed.month = told.month
