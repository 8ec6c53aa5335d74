{{
    config(
        materialized='partial', scope='day in (select touched.day from changes.touched_batches as touched)',
        variables={
            'loaded_since': 'select min(first_loaded_at) from changes.touched_batches',
            'touched_batches': 'select coalesce(list(batch_id) filter (where batch_id is not null), []) from changes.touched_batches',
        }
    )
}}
{%- set touched_batches = touched('batches') -%}
-- What came of each feed on each day.
with
days as (
    select
        batch_id,
        cast(as_of as date) as day
    from {{ ref('stg_loads') }}
    {{ where_touched('batch_id', touched_batches) }}
),

polled as (
    select
        polls.feed_id,
        days.day,
        count(*) as polls,
        count(polls.error) as failed_polls
    from {{ ref('stg_polls') }} as polls
    inner join days on polls.batch_id = days.batch_id
    group by polls.feed_id, days.day
),

outcomes as (
    select
        outcomes.feed_id,
        days.day,
        count(*) as items,
        count(*) filter (where outcomes.outcome = 'new_article') as new_articles,
        count(*) filter (where outcomes.outcome = 'new_version') as new_versions,
        count(*) filter (where outcomes.outcome = 'rejected') as rejected
    from {{ "raw.outcomes_of(getvariable('touched_batches'))" if is_partial() else ref('stg_outcomes') }} as outcomes
    inner join days on outcomes.batch_id = days.batch_id
    group by outcomes.feed_id, days.day
),

read_facts as (
    select
        facts.feed_id,
        days.day,
        count(*) as facts
    from {{ ref('stg_facts') }} as facts
    inner join days on facts.batch_id = days.batch_id {{ and_since('facts.loaded_at', 'loaded_since') }}
    group by facts.feed_id, days.day
),

keys as (
    select
        feed_id,
        day
    from polled
    union
    select
        feed_id,
        day
    from outcomes
)

select
    keys.feed_id,
    keys.day,
    coalesce(polled.polls, 0) as polls,
    coalesce(polled.failed_polls, 0) as failed_polls,
    coalesce(outcomes.items, 0) as items,
    coalesce(outcomes.new_articles, 0) as new_articles,
    coalesce(outcomes.new_versions, 0) as new_versions,
    coalesce(outcomes.rejected, 0) as rejected,
    coalesce(read_facts.facts, 0) as facts
from keys
left join polled on keys.feed_id = polled.feed_id and keys.day = polled.day
left join outcomes on keys.feed_id = outcomes.feed_id and keys.day = outcomes.day
left join read_facts on keys.feed_id = read_facts.feed_id and keys.day = read_facts.day
