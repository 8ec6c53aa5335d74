{{
    config(
        materialized='partial', key='incident_id, series_id, known_day',
        scope='incident_id in (select touched.incident_id from changes.touched_incidents as touched) or (voices <= 1 and best > 30)'
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

wholes as (
    select
        family_days.incident_id,
        family_days.whole_series_id as series_id,
        family_days.situation_id,
        family_days.known_day,
        max(states.low) as low,
        max(states.best) as best,
        max(states.high) as high,
        max(states.voices) as voices
    from family_days
    asof inner join states
        on
            family_days.incident_id = states.incident_id
            and family_days.series_id = states.series_id
            and family_days.known_day >= states.known_day
    group by family_days.incident_id, family_days.whole_series_id, family_days.situation_id, family_days.known_day
),

together as (
    select
        incident_id,
        series_id,
        situation_id,
        known_day,
        low,
        best,
        high,
        voices
    from states
    where
        not exists (
            select 1 from families
            where families.incident_id = states.incident_id and families.whole_series_id = states.series_id
        )
    union all
    select * from wholes
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
    from {{ '(select * from together union all select * from others)' if is_partial() else 'together' }}
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

-- What others told of the same days can change no other rows than lone claims.
weighed as (
    select * from together
    {%- if is_partial() %}
    union all
    select * from others
    where voices <= 1 and best > 30
    {%- endif %}
)

select
    weighed.*,
    weighed.voices > 1
    or weighed.best <= 30
    or weighed.high <= coalesce(backed.best, 0)
    or weighed.known_day < coalesce(second_voices.second_voice_day, date '9999-12-31') as is_in_proportion
from weighed
asof left join backed on weighed.series_id = backed.series_id and weighed.known_day >= backed.known_day
left join second_voices on weighed.situation_id = second_voices.situation_id
