{{
    config(
        materialized='partial', key='fact_id',
        variables={'told_since': 'select min(changed.known_at) from changes.facts as changed'},
        scope="version_id in (select touched.version_id from changes.facts as touched where touched.series_id is not null) "
            ~ "and known_at >= getvariable('told_since')"
    )
}}
-- `new` facts that are no part of another, and what each tells: facts of one kind, place, day and number are one telling.
with
new_facts as (
    select
        fact_id,
        version_id,
        subset_of,
        known_at,
        count_best,
        case when {{ is_rough('claims') }} then low end as rough_low,
        case when {{ is_rough('claims') }} then high end as rough_high,
        latitude,
        longitude,
        case
            when place_kind = 'country' or (place_name is null and place is null) then null
            else coalesce('g' || place_id, 't' || lower(place))
        end as place_key,
        place_kind,
        -- Undated news is of the day it is published on; nothing is told before it happens.
        coalesce(least(end_date, known_day), known_day) as event_day,
        end_date is not null as is_dated,
        coalesce(end_date - start_date, 0) > 3 as is_window,
        md5(concat_ws(
            '|', country, cause, metric, unit, coalesce(displacement, ''),
            case when population = 'combatants' then 'combatants ' || coalesce(side, '') else '' end
        ))[:16] as kind_id
    from {{ ref('int_claims') }} as claims
    where measure = 'new' {{ where_touched('version_id', changed_claims(), start='and') }} {{ and_since('known_at', 'told_since') }}
)

select
    * exclude (subset_of),
    md5(concat_ws('|', kind_id, coalesce(place_key, ''), event_day, is_dated, is_window, count_best, rough_low, rough_high))[:16] as telling_id
from new_facts
where subset_of is null or subset_of not in (select new_facts.fact_id from new_facts)
