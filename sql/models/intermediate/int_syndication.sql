-- Copies of one agency text, found by locality-sensitive hashing: 16 bands of 4 MinHash values.
-- A text points to the earliest text of the last seven days that shares a band with it and agrees in half of the
-- signature; it never points to a later one, so what is published tomorrow does not change today's voices.
with
signed as (
    select
        versions.version_id,
        versions.known_at,
        signatures.similarity
    from {{ ref('stg_versions') }} as versions
    inner join {{ ref('stg_signatures') }} as signatures on versions.version_id = signatures.version_id
),

bands as (
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

shared_buckets as (
    select bucket from bands
    group by bucket
    having count(*) > 1
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
),

links as (
    select
        candidates.version_id,
        arg_min(leaders.version_id, (leaders.known_at, leaders.version_id)) as leader_id
    from candidates
    inner join signed as texts on candidates.version_id = texts.version_id
    inner join signed as leaders on candidates.leader_id = leaders.version_id
    where
        (leaders.known_at, leaders.version_id) < (texts.known_at, texts.version_id)
        and len(list_filter(list_zip(texts.similarity, leaders.similarity), lambda pair: pair[1] = pair[2])) >= 32
    group by candidates.version_id
),

-- A copy of a copy: two doublings follow chains of up to four.
doubled as (
    select
        links.version_id,
        coalesce(further.leader_id, links.leader_id) as leader_id
    from links
    left join links as further on links.leader_id = further.version_id
),

followed as (
    select
        doubled.version_id,
        coalesce(further.leader_id, doubled.leader_id) as leader_id
    from doubled
    left join doubled as further on doubled.leader_id = further.version_id
)

-- A copy speaks with the voice of whoever published the text first.
select
    versions.version_id,
    coalesce(followed.leader_id, versions.version_id) as syndication_id,
    followed.leader_id is not null as is_copy,
    coalesce(leaders.publisher, versions.publisher) as voice
from {{ ref('stg_versions') }} as versions
left join followed on versions.version_id = followed.version_id
left join {{ ref('stg_versions') }} as leaders on followed.leader_id = leaders.version_id
