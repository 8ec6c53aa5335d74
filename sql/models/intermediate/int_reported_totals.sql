{{
    config(
        materialized='partial', key='series_id, day', variables=since_first_day('changes.touched_series'),
        scope=since_touched('int_reported_totals.series_id', 'int_reported_totals.day', 'changes.touched_series')
    )
}}
{%- set touched_series = touched('series') -%}
-- One row a series and day on which somebody said something: the claimants' levels combined.
with
tellings as (
    select * from {{ ref('int_tellings') }}
    {%- if is_partial() %}
    where {{ since_touched('int_tellings.series_id', 'int_tellings.day', touched_series, before=60) }}
    {%- endif %}
),

spoken as (
    select * from {{ ref('int_claimant_levels') }}
    {%- if is_partial() %}
    where {{ since_touched('int_claimant_levels.series_id', 'int_claimant_levels.day', touched_series, before=60) }}
    {%- endif %}
),

claimants as (
    select distinct
        series_id,
        claimant
    from spoken
),

days as (
    select distinct
        series_id,
        day
    from spoken
    {%- if is_partial() %}
    where {{ since_touched('spoken.series_id', 'spoken.day', touched_series) }}
    {%- endif %}
),

asked as (
    select
        days.series_id,
        days.day,
        claimants.claimant
    from days
    inner join claimants on days.series_id = claimants.series_id
),

levels as (
    select
        *,
        max(newest) over (
            partition by series_id, claimant order by day range between interval 6 days preceding and current row
        ) as highest
    from spoken
),

heard_last as (
    select
        asked.series_id,
        asked.day,
        asked.claimant,
        levels.day as said_day,
        levels.value,
        levels.low,
        levels.high,
        levels.is_confirmed,
        levels.highest
    from asked
    asof inner join levels
        on
            asked.series_id = levels.series_id
            and asked.claimant = levels.claimant
            and asked.day >= levels.day
),

-- An established level stands for three weeks after its claimant last spoke, a lone one for one. Beside the level stands
-- the higher number that the claimant said of late: another claimant may say the same.
candidates as (
    select * exclude (highest)
    from heard_last
    where day - said_day <= case when is_confirmed then 21 else 6 end
    union all
    select
        series_id,
        day,
        claimant,
        said_day,
        highest.value,
        highest.low,
        highest.high,
        false as is_confirmed
    from heard_last
    where is_confirmed and highest.value > value and highest.value <= 1.5 * value and day - said_day <= 6
),

standing as (
    select
        *,
        cast(floor(ln(value) / 0.06) as integer) as bucket,
        cast(floor(epoch(day) / 86400 / 14) as integer) as fortnight
    from candidates
),

-- Independent voices near a level in the last fortnight, whoever they quote: at most a fifth below, a tenth above.
voices as (
    select
        series_id,
        voice,
        bucket,
        cast(floor(epoch(day) / 86400 / 14) as integer) as fortnight,
        min(day) as first_day,
        max(day) as last_day
    from tellings
    group by series_id, voice, bucket, fortnight
),

heard as (
    select
        voices.series_id,
        voices.voice,
        voices.bucket + steps.up as bucket,
        voices.fortnight + later.later as fortnight,
        min(voices.first_day) filter (where later.later = 0) as first_day,
        max(voices.last_day) filter (where later.later = 1) as last_day_before
    from voices
    cross join (select unnest([-1, 0, 1, 2, 3]) as up) as steps
    cross join (select unnest([0, 1]) as later) as later
    group by all
),

backed as (
    select
        standing.series_id,
        standing.day,
        standing.claimant,
        standing.value,
        count(*) as voices
    from standing
    inner join heard
        on
            standing.series_id = heard.series_id
            and standing.bucket = heard.bucket
            and standing.fortnight = heard.fortnight
            and (standing.day >= heard.first_day or heard.last_day_before > standing.day - 14)
    group by standing.series_id, standing.day, standing.claimant, standing.value
),

-- Confirmed is what a claimant's own level is, or what two voices say whoever they quote; of that, half above anything
-- confirmed already waits.
counted as (
    select
        standing.*,
        coalesce(backed.voices, 0) as voices,
        coalesce(backed.voices > 1, false)
        and standing.value <= 1.5 * coalesce(
            min(standing.value) filter (where standing.is_confirmed) over (partition by standing.series_id, standing.day),
            standing.value
        ) as is_shared
    from standing
    left join backed
        on
            standing.series_id = backed.series_id
            and standing.day = backed.day
            and standing.claimant = backed.claimant
            and standing.value = backed.value
),

weighed as (
    select
        * replace (is_confirmed or is_shared as is_confirmed),
        case when is_confirmed or is_shared then least(voices + 0.6, 2) else 0.5 end as weight
    from counted
),

leaders as (
    select
        series_id,
        day,
        max({ 'weight': weight, 'value': value }) as leader
    from weighed
    group by series_id, day
),

-- Claimants within an eighth of the best backed level agree with it; where none is confirmed, all stand in the band.
agreed as (
    select
        weighed.*,
        leaders.leader.weight as top_weight,
        abs(ln(weighed.value / leaders.leader.value)) < 0.12 as is_agreed,
        weighed.is_confirmed >= (leaders.leader.weight > 0.5) as may_lead
    from weighed
    inner join leaders on weighed.series_id = leaders.series_id and weighed.day = leaders.day
)

select
    series_id,
    day,
    max(value) filter (where is_agreed and may_lead) as best,
    min(low) filter (where is_agreed or top_weight <= 0.5) as low,
    max(high) filter (where is_agreed or top_weight <= 0.5) as high,
    max(voices) filter (where is_agreed) as publishers,
    max(said_day) filter (where is_agreed) as newest_day,
    list_sort(list(distinct claimant) filter (where is_agreed)) as claimants,
    bool_or(is_confirmed and is_agreed) as is_confirmed
from agreed
group by series_id, day
