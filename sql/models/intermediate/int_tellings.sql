{{
    config(
        materialized='partial', key='series_id, claimant, day, voice, value', variables=since_first_day('changes.touched_series'),
        scope=since_touched('int_tellings.series_id', 'int_tellings.day', 'changes.touched_series')
    )
}}
{%- set touched_series = touched('series') -%}
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
        list_sort(list(fact_id)) as fact_ids
    from {{ ref('int_claims') }} as claims
    where is_total and not {{ is_rough('claims') }} {{ and_since('known_at', 'first_day') }} {{- ' and ' ~ since_touched('claims.series_id', 'claims.known_day', touched_series) if is_partial() }}
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
),

-- When each size was first said; an older number is a repeat of old news.
first_said as (
    select
        series_id,
        fine_bucket,
        min(day) as first_day
    from (
        select
            series_id,
            fine_bucket,
            day
        from rounded
        {%- if is_partial() %}
        union all
        select
            stood.series_id,
            cast(floor(ln(stood.value) / 0.03) as integer) as fine_bucket,
            stood.day
        from {{ this.include(database=false) }} as stood
        inner join {{ touched_series }} as touched on stood.series_id = touched.series_id and stood.day < touched.first_day
        {%- endif %}
    )
    group by series_id, fine_bucket
)

select
    rounded.* exclude (grain, fine_bucket),
    cast(case
        when rounded.is_floor or rounded.grain < 0.01 * rounded.value then rounded.value
        else rounded.value - rounded.grain / 2
    end as bigint) as low,
    cast(case
        when rounded.is_floor then rounded.value + rounded.grain
        when rounded.grain < 0.01 * rounded.value then rounded.value
        else rounded.value + rounded.grain / 2
    end as bigint) as high,
    rounded.day - first_said.first_day <= 2 as is_fresh
from rounded
inner join first_said on rounded.series_id = first_said.series_id and rounded.fine_bucket = first_said.fine_bucket
