-- Which event each `new` fact tells of. Facts of one kind, place, day and number are one telling; a telling follows the
-- best earlier telling of the same event, never a later one, and the first of such a chain names the incident.
with
new_facts as (
    select
        fact_id,
        version_id,
        subset_of,
        situation_id,
        series_id,
        country,
        cause,
        metric,
        unit,
        displacement,
        population,
        side,
        known_at,
        known_day,
        count_best,
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
        coalesce(end_date - start_date, 0) as window_days,
        md5(concat_ws(
            '|', country, cause, metric, unit, coalesce(displacement, ''),
            case when population = 'combatants' then 'combatants ' || coalesce(side, '') else '' end
        ))[:16] as kind_id
    from {{ ref('int_claims') }}
    where measure = 'new'
),

wholes as (
    select
        *,
        md5(concat_ws('|', kind_id, coalesce(place_key, ''), event_day, is_dated, window_days > 3, count_best))[:16]
            as telling_id
    from new_facts
    where subset_of is null or subset_of not in (select fact_id from new_facts)
),

told as (
    select
        telling_id,
        any_value(kind_id) as kind_id,
        any_value(place_key) as place_key,
        min(place_kind) as place_kind,
        min(latitude) as latitude,
        min(longitude) as longitude,
        any_value(event_day) as event_day,
        any_value(is_dated) as is_dated,
        bool_or(window_days > 3) as is_window,
        any_value(count_best) as count_best,
        min(known_at) as known_at,
        arg_min(version_id, (known_at, version_id)) as first_version_id
    from wholes
    group by telling_id
),

-- An article that tells two numbers apart for one place and day tells of two events.
told_apart as (
    select distinct
        version_id,
        telling_id
    from wholes
),

-- A text that names no day tells of the day that an earlier one named: the same day's event first, else that of a day before or after, else, for
-- twenty and more, one of the last week whose toll has grown by a quarter at most.
named_days as (
    select
        later.telling_id,
        arg_min(
            earlier.event_day,
            (
                abs(later.event_day - earlier.event_day), abs(ln(later.count_best / earlier.count_best)), earlier.known_at,
                earlier.telling_id
            )
        ) as event_day
    from told as later
    inner join (
        select
            *,
            event_day + cast(unnest(range(-1, case when count_best >= 20 then 8 else 2 end)) as integer) as near_day
        from told
        where is_dated
    ) as earlier
        on
            later.kind_id = earlier.kind_id and later.place_key = earlier.place_key and later.event_day = earlier.near_day
            and later.is_window = earlier.is_window
    where
        not later.is_dated
        and (earlier.known_at, earlier.telling_id) < (later.known_at, later.telling_id)
        and case
            when later.event_day <= earlier.event_day + 1 then later.count_best between earlier.count_best / 3 and earlier.count_best * 3
            else later.count_best between earlier.count_best and 1.25 * earlier.count_best
        end
        and (later.first_version_id, earlier.telling_id) not in (select (version_id, telling_id) from told_apart)
    group by later.telling_id
),

tellings as (
    select
        told.* exclude (event_day, is_dated),
        coalesce(named_days.event_day, told.event_day) as event_day,
        told.is_dated or named_days.event_day is not null as is_dated
    from told
    left join named_days on told.telling_id = named_days.telling_id
),

same_place as (
    select
        later.telling_id,
        earlier.telling_id as earlier_id,
        later.event_day - earlier.event_day as days_apart,
        abs(ln(later.count_best / earlier.count_best)) as number_apart,
        0 as place_apart,
        earlier.known_at
    from tellings as later
    inner join (
        select
            *,
            unnest([event_day - 1, event_day, event_day + 1]) as near_day
        from tellings
    ) as earlier
        on
            later.kind_id = earlier.kind_id and later.place_key = earlier.place_key and later.event_day = earlier.near_day
            and later.is_window = earlier.is_window
    where
        (earlier.known_at, earlier.telling_id) < (later.known_at, later.telling_id)
        and case
            -- Two days that the texts name are two events, unless the number is the same.
            when later.is_dated and earlier.is_dated and later.event_day <> earlier.event_day
                then later.count_best = earlier.count_best and later.count_best > 2
            when later.count_best between earlier.count_best / 3 and earlier.count_best * 3 then true
            else later.event_day = earlier.event_day and later.count_best between earlier.count_best and earlier.count_best * 10
        end
),

-- The same count of ten or more at the same place within two weeks: told again, by a text that misses the day.
remembered as (
    select
        later.telling_id,
        earlier.telling_id as earlier_id,
        later.event_day - earlier.event_day as days_apart,
        0 as number_apart,
        2 as place_apart,
        earlier.known_at
    from tellings as later
    inner join tellings as earlier
        on
            later.kind_id = earlier.kind_id and later.place_key = earlier.place_key
            and later.count_best = earlier.count_best and later.is_window = earlier.is_window
            and later.event_day between earlier.event_day + 2 and earlier.event_day + 14
    where later.count_best >= 10 and (earlier.known_at, earlier.telling_id) < (later.known_at, later.telling_id)
),

-- Another or no place named, but the same number on the same days. One person dies in many places on one day: nothing is told by a count of one.
same_number as (
    select
        later.telling_id,
        earlier.telling_id as earlier_id,
        later.event_day - earlier.event_day as days_apart,
        0 as number_apart,
        1 as place_apart,
        earlier.known_at
    from tellings as later
    inner join (
        select
            *,
            unnest([event_day - 1, event_day, event_day + 1]) as near_day
        from tellings
    ) as earlier
        on
            later.kind_id = earlier.kind_id and later.count_best = earlier.count_best and later.event_day = earlier.near_day
            and later.is_window = earlier.is_window
    where
        (earlier.known_at, earlier.telling_id) < (later.known_at, later.telling_id)
        and later.count_best > 1
        and later.place_key is distinct from earlier.place_key
        and (
            (later.place_key is null or earlier.place_key is null) and (later.count_best > 2 or later.event_day = earlier.event_day)
            or {{ kilometres('later', 'earlier') }} <= case when 'region' in (later.place_kind, earlier.place_kind) then 150 else 30 end
        )
),

links as (
    select
        pairs.telling_id,
        arg_min(pairs.earlier_id, (pairs.place_apart, abs(pairs.days_apart), pairs.number_apart, pairs.known_at, pairs.earlier_id))
            as earlier_id
    from (
        select * from same_place
        union all
        select * from same_number
        union all
        select * from remembered
    ) as pairs
    inner join tellings on pairs.telling_id = tellings.telling_id
    left join told_apart
        on tellings.first_version_id = told_apart.version_id and pairs.earlier_id = told_apart.telling_id
    where told_apart.telling_id is null
    group by pairs.telling_id
),

{{ follow('links', 'telling_id', 'earlier_id', rounds=5) }}

whole_incidents as (
    select
        wholes.fact_id,
        coalesce(links_followed.earlier_id, wholes.telling_id) as incident_id,
        wholes.event_day,
        wholes.is_dated,
        wholes.window_days > 3 as is_window,
        true as is_whole
    from wholes
    left join links_followed on wholes.telling_id = links_followed.telling_id
),

part_incidents as (
    select
        parts.fact_id,
        whole_incidents.incident_id,
        whole_incidents.event_day,
        whole_incidents.is_dated,
        whole_incidents.is_window,
        false as is_whole
    from new_facts as parts
    inner join whole_incidents on parts.subset_of = whole_incidents.fact_id
)

select * from whole_incidents
union all
select * from part_incidents
