{{
    config(
        materialized='partial', key='incident_id, series_id, known_day',
        scope='incident_id in (select touched.incident_id from changes.touched_incidents as touched) or incident_id in '
            ~ '(select lone.incident_id from intermediate.int_incident_totals as lone where lone.voices <= 1 and lone.best > 30)'
    )
}}
{%- set touched_incidents = touched('incidents') -%}
-- Incident states ready to be added up: wholes are at least their parts, and a lone claim out of proportion waits.
with
states as (
    select
        states.*,
        series.situation_id,
        series.whole_series_id
    from {{ ref('int_incident_states') }} as states
    inner join {{ ref('int_series') }} as series on states.series_id = series.series_id
    {{ where_touched('states.incident_id', touched_incidents) }}
),

-- Incidents that tell of parts, with every series that bounds the whole from below.
families as (
    select
        incident_id,
        situation_id,
        whole_series_id,
        series_id
    from states
    group by incident_id, situation_id, whole_series_id, series_id
    qualify bool_or(series_id <> whole_series_id) over (partition by incident_id, whole_series_id)
),

family_days as (
    select distinct
        families.incident_id,
        families.situation_id,
        families.whole_series_id,
        families.series_id,
        states.known_day
    from families
    inner join states
        on families.incident_id = states.incident_id and families.whole_series_id = states.whole_series_id
),

-- What each of them had come to on each day on which one of them was told of.
family_states as (
    select
        family_days.incident_id,
        family_days.whole_series_id,
        family_days.series_id,
        family_days.situation_id,
        family_days.known_day,
        states.low,
        states.best,
        states.high,
        states.voices,
        states.known_day < family_days.known_day as is_carried
    from family_days
    asof inner join states
        on
            family_days.incident_id = states.incident_id
            and family_days.series_id = states.series_id
            and family_days.known_day >= states.known_day
),

together as (
    select
        incident_id,
        series_id,
        whole_series_id,
        situation_id,
        known_day,
        low,
        best,
        high,
        voices,
        false as is_carried
    from states
    where
        not exists (
            select 1 from families
            where families.incident_id = states.incident_id and families.whole_series_id = states.whole_series_id
        )
    union all
    select
        incident_id,
        whole_series_id as series_id,
        whole_series_id,
        situation_id,
        known_day,
        max(low) as low,
        max(best) as best,
        max(high) as high,
        max(voices) as voices,
        false as is_carried
    from family_states
    group by incident_id, whole_series_id, situation_id, known_day
    union all by name
    select * from family_states
    where series_id <> whole_series_id
),

{% if is_partial() -%}
others as (
    select * exclude (is_in_proportion) from {{ this.include(database=false) }}
    where incident_id not in (select touched.incident_id from {{ touched_incidents }} as touched)
),

{% endif -%}
-- The largest incident of a series that two voices told of, day by day.
backed as (
    select
        series_id,
        known_day,
        max(max(best)) over (partition by series_id order by known_day) as best
    from {{ '(select * from together union all by name select * from others)' if is_partial() else 'together' }}
    where voices > 1
    group by series_id, known_day
),

-- Where one voice alone tells of a situation, it is believed.
second_voices as (
    select
        situation_id,
        min(first_day) as second_voice_day
    from (
        select
            situation_id,
            voice,
            min(known_day) as first_day
        from {{ ref('int_claims') }}
        group by situation_id, voice
        qualify row_number() over (partition by situation_id order by min(known_day), voice) = 2
    )
    group by situation_id
),

-- What others told of the same days can change no other incidents than those of which one voice claims much.
weighed as (
    select * from together
    {%- if is_partial() %}
    union all by name
    select * from others
    where incident_id in (select lone.incident_id from others as lone where lone.voices <= 1 and lone.best > 30)
    {%- endif %}
),

judged as (
    select
        weighed.*,
        weighed.voices > 1
        or weighed.best <= 30
        or weighed.high <= coalesce(backed.best, 0)
        or weighed.known_day < coalesce(second_voices.second_voice_day, date '9999-12-31') as is_in_proportion
    from weighed
    asof left join backed on weighed.series_id = backed.series_id and weighed.known_day >= backed.known_day
    left join second_voices on weighed.situation_id = second_voices.situation_id
)

-- A part waits as long as its whole does: six children of thirty-four people whom one voice told of.
select judged.* replace (judged.is_in_proportion and coalesce(wholes.is_in_proportion, true) as is_in_proportion)
from judged
left join judged as wholes
    on
        judged.incident_id = wholes.incident_id and judged.known_day = wholes.known_day
        and case when judged.series_id <> judged.whole_series_id then judged.whole_series_id end = wholes.series_id
