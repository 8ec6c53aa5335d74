{%- set remade %}
    telling_id in (select gone.telling_id from changes.int_told as gone)
    or telling_id in (
        select told.telling_id
        from intermediate.int_told as told
        inner join changes.touched_tellings as near on told.kind_id = near.kind_id and told.event_day = near.event_day
        where near.is_remade
    )
{%- endset %}
{{ config(materialized='partial', key='telling_id', scope=remade) }}
{%- set touched_tellings = touched('tellings') %}
{%- set is_remade %} and exists (
    select 1 from {{ touched_tellings }} as near
    where near.is_remade and near.kind_id = tellings.kind_id and near.event_day = tellings.told_day
)
{%- endset %}
-- Which earlier telling each one tells again: the best earlier telling of the same event, never a later one.
with
wholes as (
    select * from {{ ref('int_told') }}
    {%- if is_partial() %}
    where (kind_id, event_day) in (
        select
            near.kind_id,
            near.event_day
        from {{ touched_tellings }} as near
    )
    {%- endif %}
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
        bool_or(is_window) as is_window,
        any_value(count_best) as count_best,
        any_value(rough_low) as rough_low,
        any_value(rough_high) as rough_high,
        min(known_at) as known_at,
        arg_min(version_id, (known_at, version_id)) as first_version_id
    from wholes
    group by telling_id
),

-- An article that tells two numbers apart for one place and day tells of two events. `Dozens` and 27 are no two numbers.
told_apart as (
    select distinct
        version_id,
        telling_id,
        count_best,
        rough_low,
        rough_high
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
        told.event_day as told_day,
        coalesce(named_days.event_day, told.event_day) as event_day,
        told.is_dated or named_days.event_day is not null as is_dated
    from told
    left join named_days on told.telling_id = named_days.telling_id
),

-- Each telling under its day and the days beside it.
near_days as (
    select
        *,
        unnest([event_day - 1, event_day, event_day + 1]) as near_day
    from tellings
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
    inner join near_days as earlier
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
    inner join near_days as earlier
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
)
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
where
    (
        told_apart.telling_id is null
        or told_apart.count_best between tellings.rough_low and tellings.rough_high
        or tellings.count_best between told_apart.rough_low and told_apart.rough_high
    ) {{- is_remade if is_partial() }}
group by pairs.telling_id
