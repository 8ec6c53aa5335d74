{{
    config(
        materialized='partial', key='version_id', variables=text_bounds('changes.touched_copies'),
        scope='version_id in (select near.version_id from changes.touched_copies as near where near.is_remade)'
    )
}}
{%- set touched_copies = touched('copies') -%}
-- Which text each one copies, found by locality-sensitive hashing: 16 bands of 4 MinHash values.
-- A text points to the earliest text of the last seven days that shares a band with it and agrees in half of the
-- signature; it never points to a later one, so what is published tomorrow does not change today's voices.
with
signed as not materialized (
    select
        version_id,
        known_at,
        similarity
    from {{ ref('stg_signatures') }}
    where true {{ where_touched('version_id', touched_copies, start='and') }} {{ and_since('loaded_at', 'loaded_since') }}
),

-- Made twice rather than kept: sixteen rows a text, of which few share a bucket with another.
bands as not materialized (
    select
        version_id,
        known_at,
        unnest([
            {%- for band in range(16) %}
                hash(
                    {{ band }},
                    similarity[{{ 4 * band + 1 }}], similarity[{{ 4 * band + 2 }}],
                    similarity[{{ 4 * band + 3 }}], similarity[{{ 4 * band + 4 }}]
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as bucket
    from signed
),

-- Found by sorting, which takes half of what grouping does: nearly every bucket is a group of its own.
shared_buckets as (
    select distinct bucket
    from (
        select
            bucket,
            lag(bucket) over (order by bucket) as bucket_before
        from bands
    )
    where bucket = bucket_before
),

led as (
    select
        bands.version_id,
        min({ 'known_at': bands.known_at, 'version_id': bands.version_id }) over seven_days as leader
    from bands
    where bands.bucket in (select shared_buckets.bucket from shared_buckets)
    window seven_days as (
        partition by bands.bucket order by bands.known_at
        range between interval 7 days preceding and current row
    )
),

candidates as (
    select distinct
        version_id,
        leader.version_id as leader_id
    from led
    where version_id <> leader.version_id
)

select
    candidates.version_id,
    arg_min(leaders.version_id, (leaders.known_at, leaders.version_id)) as leader_id
from candidates
inner join signed as texts on candidates.version_id = texts.version_id
inner join signed as leaders on candidates.leader_id = leaders.version_id
where
    (leaders.known_at, leaders.version_id) < (texts.known_at, texts.version_id)
    and len(list_filter(list_zip(texts.similarity, leaders.similarity), lambda pair: pair[1] = pair[2])) >= 32 {{- " and candidates.version_id in (select version_id from changes.touched_copies where is_remade)" if is_partial() }}
group by candidates.version_id
