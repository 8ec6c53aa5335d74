{{
    config(
        materialized='partial', key='incident_id, series_id, known_day', variables=told_bound('changes.touched_incidents'),
        scope='incident_id in (select touched.incident_id from changes.touched_incidents as touched)'
    )
}}
{%- set touched_incidents = touched('incidents') -%}
-- One row an incident, series and day on which something was said of it: what stood that evening. It looks back only.
with
claims as (
    select
        facts.incident_id,
        claims.series_id,
        claims.known_day,
        claims.known_at,
        claims.voice,
        claims.fact_id,
        claims.count_low,
        claims.count_best,
        coalesce(claims.count_high, claims.count_best) as count_high,
        {{ is_rough('claims') }} as is_rough,
        coalesce(
            claims.known_day >= min(claims.known_day) filter (where not {{ is_rough('claims') }}) over (
                partition by facts.incident_id, claims.series_id
            ), false
        ) as is_counted,
        min(claims.known_day) over (
            partition by facts.incident_id, claims.series_id, claims.count_best
        ) = claims.known_day as is_fresh,
        min(claims.known_day) over (
            partition by facts.incident_id, claims.series_id, claims.voice
        ) = claims.known_day as is_first_of_voice
    from {{ ref('int_incident_facts') }} as facts
    inner join {{ ref('int_claims') }} as claims on facts.fact_id = claims.fact_id
    where true {{ where_touched('facts.incident_id', touched_incidents, start='and') }} {{ and_since('claims.known_at', 'told_since') }}
),

-- Once somebody has counted, `dozens` says nothing more, but that another voice tells of it.
numbered as (
    select
        * replace (
            case when not (is_rough and is_counted) then count_low end as count_low,
            case when not (is_rough and is_counted) then count_best end as count_best,
            case when not (is_rough and is_counted) then count_high end as count_high
        ),
        not is_rough or not is_counted as says_number
    from claims
),

-- What each voice said last on a day; the largest number where one text has several.
voices as (
    select
        *,
        count_best < max(count_best) over (
            partition by incident_id, series_id, is_counted order by known_day
            range between unbounded preceding and interval 1 day preceding
        ) as is_lower
    from numbered
    qualify row_number() over (
        partition by incident_id, series_id, known_day, voice
        order by says_number desc, known_at desc, count_best desc, fact_id asc
    ) = 1
),

days as (
    select
        incident_id,
        series_id,
        known_day,
        is_counted,
        min(count_low) as low,
        max(count_high) as high,
        list_sort(list(count_best) filter (where says_number)) as counts,
        max_by(count_best, (known_at, count_best)) filter (where says_number) as newest,
        list_sort(list(count_best) filter (where is_lower and is_fresh)) as lower_counts,
        count(*) filter (where is_first_of_voice) as new_voices
    from voices
    group by incident_id, series_id, known_day, is_counted
),

-- The newest report leads, unless it says more than twice what the middle voice says. A toll falls when two voices say
-- lower numbers that nobody had said before; whoever says an early number again repeats old news.
told as (
    select
        * exclude (counts, newest, lower_counts, new_voices),
        coalesce(len(counts), 0) as day_voices,
        case
            when len(lower_counts) > 1 then lower_counts[len(lower_counts) // 2 + 1]
            when newest <= 2 * counts[len(counts) // 2 + 1] then greatest(newest, counts[len(counts) // 2 + 1])
            else counts[len(counts) // 2 + 1]
        end as told_best,
        sum(case when len(lower_counts) > 1 then 1 else 0 end) over upto as falls,
        cast(sum(new_voices) over upto as bigint) as voices
    from days
    window upto as (partition by incident_id, series_id order by known_day)
),

-- One voice that says more than twice what two have said waits for another.
weighed as (
    select
        * replace (
            case
                when day_voices = 1 and max(voices) over earlier > 1 and told_best > 2 * max(told_best) over earlier
                    then max(told_best) over earlier
                else told_best
            end as told_best
        )
    from told
    window earlier as (
        partition by incident_id, series_id, is_counted order by known_day
        range between unbounded preceding and interval 1 day preceding
    )
),

standing as (
    select
        *,
        max(told_best) over (partition by incident_id, series_id, is_counted, falls order by known_day) as best
    from weighed
)

select
    incident_id,
    series_id,
    known_day,
    least(low, best) as low,
    best,
    greatest(high, best) as high,
    voices
from standing
