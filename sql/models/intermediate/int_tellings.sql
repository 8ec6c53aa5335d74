-- What each voice said of a series on a day, by claimant: the raw material of running totals. Intervals such as
-- 'dozens' or '7,000 to 15,000' are no point of a line; they stay in facts.
with
points as (
    select
        series_id,
        claimant_group as claimant,
        known_day as day,
        voice,
        any_value(metric) as metric,
        count_best as value,
        bool_and(quantifier in ('at_least', 'at_most')) as is_floor,
        list(fact_id order by fact_id) as fact_ids
    from {{ ref('int_claims') }}
    where is_total and not (high is not null and low is not null and high > 1.5 * low)
    group by series_id, claimant_group, known_day, voice, count_best
),

-- '2.5 million' is written to the nearest hundred thousand: that much the true count may differ, a tenth at most.
rounded as (
    select
        *,
        least(
            pow(10, length(value::varchar) - length(rtrim(value::varchar, '0'))), 0.1 * value
        ) as grain,
        cast(floor(ln(value) / 0.06) as integer) as bucket,
        cast(floor(ln(value) / 0.03) as integer) as fine_bucket,
        cast(floor(epoch(day) / 86400 / 30) as integer) as month
    from points
)

select
    * exclude (grain, fine_bucket),
    cast(case when is_floor or grain < 0.01 * value then value else value - grain / 2 end as bigint) as low,
    cast(case
        when is_floor then value + grain
        when grain < 0.01 * value then value
        else value + grain / 2
    end as bigint) as high,
    -- Said for the first time within these days; an older number is a repeat of old news.
    day - min(day) over (partition by series_id, fine_bucket) <= 2 as is_fresh
from rounded
