{{ config(materialized='partial', key='situation_id', scope='true') }}
-- Situations that nobody named: a country's facts of one cause, as long as no gap in them is too long.
with
days as (
    select distinct
        country,
        cause,
        known_day
    from {{ ref('int_facts') }}
    where is_counted
),

gaps as (
    select
        *,
        case cause when 'conflict' then 60 else 21 end as longest_gap,
        known_day - lag(known_day) over (partition by country, cause order by known_day) as gap,
        max(known_day) over () as newest_day
    from days
),

runs as (
    select
        *,
        sum(case when gap is null or gap > longest_gap then 1 else 0 end)
            over (partition by country, cause order by known_day) as run
    from gaps
)

select
    country,
    cause,
    min(known_day) as start_day,
    max(known_day) as end_day,
    -- Long enough ago that the next fact would begin another situation.
    max(newest_day) - max(known_day) > max(longest_gap) as is_over,
    'found-' || lower(country) || '-' || cause || '-' || min(known_day) as situation_id
from runs
group by country, cause, run
