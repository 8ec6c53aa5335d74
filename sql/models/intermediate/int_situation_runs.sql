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
        known_day - lag(known_day) over (partition by country, cause order by known_day) as gap
    from days
),

runs as (
    select
        *,
        sum(case when gap is null or gap > case cause when 'conflict' then 60 else 21 end then 1 else 0 end)
            over (partition by country, cause order by known_day) as run
    from gaps
)

select
    country,
    cause,
    min(known_day) as start_day,
    max(known_day) as end_day,
    'found-' || lower(country) || '-' || cause || '-' || min(known_day) as situation_id
from runs
group by country, cause, run
