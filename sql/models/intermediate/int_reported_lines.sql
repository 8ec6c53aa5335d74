{{
    config(
        materialized='partial', key='series_id, day', variables=since_first_day('changes.touched_series'),
        scope=since_touched('int_reported_lines.series_id', 'int_reported_lines.last_day', 'changes.touched_series', before=1)
    )
}}
{%- set touched_series = touched('series') -%}
-- The line of each series: what was reported, carried for a week, with parts and wholes in order. It looks back only.
with
totals as (
    select * from {{ ref('int_reported_totals') }}
    -- A count stands for a week, and grows as in the four weeks before it was said.
    {%- if is_partial() %}
    where {{ since_touched('int_reported_totals.series_id', 'int_reported_totals.day', touched_series, before=90) }}
    {%- endif %}
),

grown as (
    select
        *,
        min({ 'day': day, 'best': best }) over four_weeks as earliest,
        min(day) over (
            partition by series_id, best order by day
            range between interval 28 days preceding and current row
        ) as best_since,
        coalesce(lead(day) over (partition by series_id order by day) - 1, day + 7) as last_day
    from totals
    window four_weeks as (
        partition by series_id order by day range between interval 28 days preceding and current row
    )
),

-- The share by which the count grew a day, over the last four weeks.
paced as (
    select
        *,
        case
            when earliest.best < best and earliest.day < day
                then least(ln(best / earliest.best) / (day - earliest.day), 0.3)
            else 0
        end as pace
    from grown
),

carried as (
    select
        *,
        unnest(range(cast(day as timestamp), cast(least(last_day, day + 7) + 1 as timestamp), interval 1 day)) as at_day
    from paced
),

reported as (
    select
        series_id,
        cast(at_day as date) as day,
        'reported' as method,
        low,
        best,
        -- A count that grew may have grown since it was taken, and was taken a day or two before it was printed; by half at
        -- the most, since growth slows.
        cast(high * exp(least(pace * (cast(at_day as date) - best_since + 2), 0.4)) as bigint) as high,
        publishers,
        cast(at_day as date) - newest_day as newest_claim_age,
        claimants,
        is_confirmed,
        best as said_best,
        day as said_day
    from carried
),

behind as (
    select
        totals.series_id,
        totals.day,
        flatten(list(
            tellings.fact_ids order by tellings.day, tellings.voice, tellings.claimant, tellings.fact_ids
        )) as fact_ids
    from totals
    inner join {{ ref('int_tellings') }} as tellings
        on
            totals.series_id = tellings.series_id
            and totals.best = tellings.value
            and tellings.day between totals.day - 45 and totals.day
    group by totals.series_id, totals.day
),

reported_behind as (
    select
        reported.* exclude (said_best, said_day),
        behind.fact_ids
    from reported
    inner join behind on reported.series_id = behind.series_id and reported.said_day = behind.day
),

-- A part that is as well backed as its whole is a floor for it; a worse backed one is cut to it.
parts as (
    select
        series.whole_series_id,
        parts.series_id,
        parts.day,
        parts.low,
        parts.best,
        parts.fact_ids,
        parts.is_confirmed >= wholes.is_confirmed and parts.best > wholes.best as is_floor
    from reported_behind as parts
    inner join {{ ref('int_series') }} as series on parts.series_id = series.series_id
    inner join reported_behind as wholes on series.whole_series_id = wholes.series_id and parts.day = wholes.day
    where series.series_id <> series.whole_series_id
),

floors as (
    select
        whole_series_id as series_id,
        day,
        max(low) as low,
        max(best) as best,
        max_by(fact_ids, (best, series_id)) as fact_ids
    from parts
    where is_floor
    group by whole_series_id, day
),

raised as (
    select
        reported_behind.* replace (
            greatest(reported_behind.low, coalesce(floors.low, 0)) as low,
            greatest(reported_behind.best, coalesce(floors.best, 0)) as best,
            greatest(reported_behind.high, coalesce(floors.best, 0)) as high,
            case
                when floors.best is null then reported_behind.fact_ids
                else list_concat(floors.fact_ids, reported_behind.fact_ids)
            end as fact_ids
        )
    from reported_behind
    left join floors on reported_behind.series_id = floors.series_id and reported_behind.day = floors.day
),

bounded as (
    select
        raised.* replace (
            least(raised.low, coalesce(wholes.low, raised.low)) as low,
            least(raised.best, coalesce(wholes.best, raised.best)) as best,
            least(raised.high, coalesce(wholes.high, raised.high)) as high
        )
    from raised
    inner join {{ ref('int_series') }} as series on raised.series_id = series.series_id
    left join raised as wholes on series.whole_series_id = wholes.series_id and raised.day = wholes.day
)

{%- if is_partial() %},

-- The rows from the first touched day on, and the one before, which another one follows now.
redrawn as (
    select * from bounded
    where {{ since_touched('bounded.series_id', 'bounded.day', touched_series) }}
    union all by name
    select * exclude (last_day) from {{ this.include(database=false) }} as int_reported_lines
    where {{ stood_before('int_reported_lines', touched_series) }}
)

{%- endif %}

{{ standing('redrawn' if is_partial() else 'bounded') }}
