-- One row a series and day on which somebody said something: the claimants' levels combined.
with
tellings as (
    select * from {{ ref('int_tellings') }}
),

claimants as (
    select distinct
        series_id,
        claimant
    from {{ ref('int_claimant_levels') }}
),

days as (
    select distinct
        series_id,
        day
    from {{ ref('int_claimant_levels') }}
),

asked as (
    select
        days.series_id,
        days.day,
        claimants.claimant
    from days
    inner join claimants on days.series_id = claimants.series_id
),

-- An established level stands for three weeks after its claimant last spoke, a lone one for one.
standing as (
    select
        asked.series_id,
        asked.day,
        asked.claimant,
        levels.day as said_day,
        levels.value,
        levels.low,
        levels.high,
        levels.is_confirmed,
        cast(floor(ln(levels.value) / 0.06) as integer) as bucket,
        cast(floor(epoch(asked.day) / 86400 / 14) as integer) as fortnight
    from asked
    asof inner join {{ ref('int_claimant_levels') }} as levels
        on
            asked.series_id = levels.series_id
            and asked.claimant = levels.claimant
            and asked.day >= levels.day
    where asked.day - levels.day <= case when levels.is_confirmed then 21 else 6 end
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
        voices.first_day,
        voices.last_day,
        voices.bucket + steps.up as bucket,
        voices.fortnight + later.later as fortnight,
        later.later
    from voices
    cross join (select unnest([-1, 0, 1, 2, 3]) as up) as steps
    cross join (select unnest([0, 1]) as later) as later
),

backed as (
    select
        standing.series_id,
        standing.day,
        standing.claimant,
        count(distinct heard.voice) as voices
    from standing
    inner join heard
        on
            standing.series_id = heard.series_id
            and standing.bucket = heard.bucket
            and standing.fortnight = heard.fortnight
            and standing.day >= heard.first_day
            and (heard.later = 0 or heard.last_day > standing.day - 14)
    group by standing.series_id, standing.day, standing.claimant
),

weighed as (
    select
        standing.*,
        coalesce(backed.voices, 0) as voices,
        case when standing.is_confirmed then least(coalesce(backed.voices, 0) + 0.6, 2) else 0.5 end as weight
    from standing
    left join backed
        on
            standing.series_id = backed.series_id
            and standing.day = backed.day
            and standing.claimant = backed.claimant
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
    list(claimant order by claimant) filter (where is_agreed) as claimants,
    bool_or(is_confirmed and is_agreed) as is_confirmed
from agreed
group by series_id, day
