{{
    config(
        materialized='partial', key='incident_id, series_id, known_day',
        scope='incident_id in (select touched.incident_id from changes.touched_incident_totals as touched)'
    )
}}
{%- set touched_totals = touched('incident_totals') -%}
-- Incident states ready to be added up: wholes are at least their parts, and a lone claim out of proportion waits.
with
states as (
    select
        states.*,
        series.situation_id,
        series.whole_series_id
    from {{ ref('int_incident_states') }} as states
    inner join {{ ref('int_series') }} as series on states.series_id = series.series_id
    {{ where_touched('states.incident_id', touched_totals) }}
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

-- The largest incident of a series that two voices told of, day by day.
backed as (
    select
        series_id,
        known_day,
        max(max(best)) over (partition by series_id order by known_day) as best
    from (
        select
            series_id,
            known_day,
            best
        from together
        where voices > 1
        {%- if is_partial() %}
        union all
        select
            series_id,
            known_day,
            best
        from {{ this.include(database=false) }}
        where
            voices > 1
            and series_id in (select together.series_id from together)
            and incident_id not in (select touched.incident_id from {{ touched_totals }} as touched)
        {%- endif %}
    )
    group by series_id, known_day
),

-- Where one voice alone tells of a situation, it is believed.
judged as (
    select
        together.*,
        together.voices > 1
        or together.best <= 30
        or together.high <= coalesce(backed.best, 0)
        or together.known_day < coalesce(second_voices.second_voice_day, date '9999-12-31') as is_in_proportion
    from together
    asof left join backed on together.series_id = backed.series_id and together.known_day >= backed.known_day
    left join {{ ref('int_second_voices') }} as second_voices on together.situation_id = second_voices.situation_id
)

-- A part waits as long as its whole does: six children of thirty-four people whom one voice told of.
select judged.* replace (judged.is_in_proportion and coalesce(wholes.is_in_proportion, true) as is_in_proportion)
from judged
left join judged as wholes
    on
        judged.incident_id = wholes.incident_id and judged.known_day = wholes.known_day
        and case when judged.series_id <> judged.whole_series_id then judged.whole_series_id end = wholes.series_id
