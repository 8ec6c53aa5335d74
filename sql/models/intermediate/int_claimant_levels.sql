{{
    config(
        materialized='partial', key='series_id, claimant, day', variables=since_first_day('changes.touched_series'),
        scope=since_touched('int_claimant_levels.series_id', 'int_claimant_levels.day', 'changes.touched_series')
    )
}}
{%- set touched_series = touched('series') -%}
-- The level that each claimant's number has reached, day by day: the highest that two independent voices carry.
with
tellings as (
    select * from {{ ref('int_tellings') }}
    -- Levels look back half a year on what was confirmed, that in turn up to two months and their whole months.
    {%- if is_partial() %}
    where {{ since_touched('int_tellings.series_id', 'int_tellings.day', touched_series, before=480) }}
    {%- endif %}
),

-- Per size and month the two voices that said it first: whoever else says it finds another voice among them.
first_voices as (
    select
        series_id,
        claimant,
        bucket,
        month,
        voice,
        min(day) as day
    from tellings
    group by series_id, claimant, bucket, month, voice
    qualify row_number() over (
        partition by series_id, claimant, bucket, month order by min(day), voice
    ) <= 2
),

-- A number supports itself and what is up to a quarter (after a month: half) higher, since counts grow.
supports as (
    select
        first_voices.series_id,
        first_voices.claimant,
        first_voices.voice,
        first_voices.day,
        first_voices.bucket + steps.up as bucket,
        first_voices.month + steps.later as month,
        steps.up = 0 as is_same_size
    from first_voices
    cross join (
        select
            later,
            unnest(range(case later when -1 then 1 when 0 then 5 else 7 end)) as up
        from (select unnest([-1, 0, 1]) as later) as months
    ) as steps
),

confirmations as (
    select
        tellings.series_id,
        tellings.claimant,
        tellings.day,
        tellings.value,
        min(greatest(tellings.day, supports.day)) as confirmed_day
    from tellings
    inner join supports
        on
            tellings.series_id = supports.series_id
            and tellings.claimant = supports.claimant
            and tellings.bucket = supports.bucket
            and tellings.month = supports.month
            and tellings.voice <> supports.voice
            and (tellings.day >= supports.day or supports.is_same_size)
    group by tellings.series_id, tellings.claimant, tellings.day, tellings.value
),

days as (
    select
        series_id,
        claimant,
        day,
        any_value(metric) as metric,
        max({ 'value': value, 'high': high, 'low': low }) as newest
    from tellings
    group by series_id, claimant, day
),

confirmed_days as (
    select
        confirmations.series_id,
        confirmations.claimant,
        confirmations.confirmed_day as day,
        max({ 'value': tellings.value, 'high': tellings.high, 'low': tellings.low }) as confirmed
    from confirmations
    inner join tellings
        on
            confirmations.series_id = tellings.series_id
            and confirmations.claimant = tellings.claimant
            and confirmations.day = tellings.day
            and confirmations.value = tellings.value
    group by confirmations.series_id, confirmations.claimant, confirmations.confirmed_day
),

reached as (
    select
        days.series_id,
        days.claimant,
        days.day,
        days.newest,
        max(confirmed_days.confirmed) over (
            partition by days.series_id, days.claimant order by days.day
            -- The missing are found, or found dead: what was said of them last stands.
            range between case days.metric when 'missing' then interval 0 days else interval 45 days end preceding
            and current row
        ) as top,
        case
            when days.metric <> 'missing'
                then max(confirmed_days.confirmed) over (
                    partition by days.series_id, days.claimant order by days.day
                    range between interval 180 days preceding and current row
                )
        end as highest
    from days
    left join confirmed_days
        on
            days.series_id = confirmed_days.series_id
            and days.claimant = confirmed_days.claimant
            and days.day = confirmed_days.day
),

-- A count so far that is less than half of what it was counts something else, a part of it most often.
levels as (
    select * replace (case when top.value >= 0.5 * highest.value or highest is null then top end as top)
    from reached
),

-- A toll may fall: lower numbers that nobody had said before, from two voices, after the last who said the higher.
lower_tellings as (
    select
        levels.series_id,
        levels.claimant,
        levels.day,
        levels.top.value as top_value,
        tellings.day as said_day,
        tellings.voice,
        { 'value': tellings.value, 'high': tellings.high, 'low': tellings.low } as said
    from levels
    inner join tellings
        on
            levels.series_id = tellings.series_id
            and levels.claimant = tellings.claimant
            and tellings.day between levels.day - 45 and levels.day
    where
        tellings.is_fresh
        and not tellings.is_floor
        and tellings.value < 0.97 * levels.top.value
        and tellings.value >= 0.5 * levels.top.value
),

last_said as (
    select
        doubted.series_id,
        doubted.claimant,
        doubted.day,
        max(tellings.day) as last_day
    from (select distinct
        series_id,
        claimant,
        day,
        top_value
    from lower_tellings) as doubted
    inner join tellings
        on
            doubted.series_id = tellings.series_id
            and doubted.claimant = tellings.claimant
            and tellings.day between doubted.day - 45 and doubted.day
            and tellings.value >= 0.97 * doubted.top_value
    group by doubted.series_id, doubted.claimant, doubted.day
),

falls as (
    select
        lower_tellings.series_id,
        lower_tellings.claimant,
        lower_tellings.day,
        max(lower_tellings.said) as fallen
    from lower_tellings
    inner join last_said
        on
            lower_tellings.series_id = last_said.series_id
            and lower_tellings.claimant = last_said.claimant
            and lower_tellings.day = last_said.day
    where lower_tellings.said_day > last_said.last_day
    group by lower_tellings.series_id, lower_tellings.claimant, lower_tellings.day
    having count(distinct lower_tellings.voice) >= 2
),

chosen as (
    select
        levels.series_id,
        levels.claimant,
        levels.day,
        levels.top is not null as is_confirmed,
        falls.fallen is not null as is_fall,
        coalesce(falls.fallen, levels.top, levels.newest) as level,
        levels.newest
    from levels
    left join falls
        on levels.series_id = falls.series_id and levels.claimant = falls.claimant and levels.day = falls.day
)

select
    series_id,
    claimant,
    day,
    level.value,
    level.low,
    level.high,
    newest,
    is_confirmed,
    is_fall
from chosen
{%- if is_partial() %}
where {{ since_touched('chosen.series_id', 'chosen.day', touched_series) }}
{%- endif %}
