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
        similarity,
        -- Ids are numbers in hexadecimal digits, and sort alike; so many are sorted far faster as numbers.
        coalesce(try_cast('0x' || version_id as ubigint), hash(version_id)) as number
    from {{ ref('stg_signatures') }}
    where true {{ where_touched('version_id', touched_copies, start='and') }} {{ and_since('loaded_at', 'loaded_since') }}
),

bands as (
    select
        number,
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

-- Sixteen rows a text, of which few share a bucket with another: found by sorting, which takes half of what grouping does.
shared as (
    select
        number,
        known_at,
        bucket
    from (
        select
            *,
            lag(bucket) over sorted as bucket_before,
            lead(bucket) over sorted as bucket_after
        from bands
        window sorted as (order by bucket)
    )
    where bucket = bucket_before or bucket = bucket_after
),

led as (
    select
        number,
        min({ 'known_at': known_at, 'number': number }) over seven_days as leader
    from shared
    window seven_days as (
        partition by bucket order by known_at
        range between interval 7 days preceding and current row
    )
),

candidates as (
    select distinct
        number,
        leader.number as leader_number
    from led
    where number <> leader.number
),

compared as materialized (
    select * from signed
    where
        number in (
            select candidates.number from candidates
            union all
            select candidates.leader_number from candidates
        )
)

select
    texts.version_id,
    arg_min(leaders.version_id, (leaders.known_at, leaders.number)) as leader_id
from candidates
inner join compared as texts on candidates.number = texts.number
inner join compared as leaders on candidates.leader_number = leaders.number
where
    (leaders.known_at, leaders.number) < (texts.known_at, texts.number)
    and len(list_filter(list_zip(texts.similarity, leaders.similarity), lambda pair: pair[1] = pair[2])) >= 32 {{- " and texts.version_id in (select version_id from changes.touched_copies where is_remade)" if is_partial() }}
group by texts.version_id
