{{
    config(
        materialized='partial', key='series_id, day', variables=since_first_day('changes.touched_sums'),
        scope=since_touched('int_summed_known.series_id', 'int_summed_known.last_day', 'changes.touched_sums', before=1)
    )
}}
{%- set touched_sums = touched('sums') -%}
{%- set moved -%} (
    select moved.incident_id from {{ ref('int_incident_totals') }} as moved
    where {{ since_touched('moved.series_id', 'moved.known_day', touched_sums) }}
)
{%- endset %}
{%- set stands_before = stood_before('int_summed_known', touched_sums) -%}
-- What new harm added up to on each evening on which something was said of it: the sum of how far incidents moved.
with
states as (
    select
        incident_id,
        series_id,
        known_day,
        voices,
        is_carried,
        case when is_in_proportion then low else 0 end as low,
        case when is_in_proportion then best else 0 end as best,
        case when is_in_proportion then high else 0 end as high
    from {{ ref('int_incident_totals') }}
    where incident_id not in (
        select facts.incident_id
        from {{ ref('int_incident_facts') }} as facts
        where facts.is_window
    ) {{- ' and incident_id in ' ~ moved if is_partial() }}
),

moves as (
    select
        series_id,
        known_day,
        voices,
        is_carried,
        low - lag(low, 1, 0) over earlier as low,
        best - lag(best, 1, 0) over earlier as best,
        high - lag(high, 1, 0) over earlier as high
    from states
    window earlier as (partition by incident_id, series_id order by known_day)
    -- A part moves without a word of its own where its whole comes into proportion.
    qualify not is_carried or best <> lag(best, 1, 0) over earlier
),
{% if is_partial() %}
-- What it had come to before, in one move.
moves_since as (
    select * exclude (is_carried) from moves
    where {{ since_touched('moves.series_id', 'moves.known_day', touched_sums) }}
    union all
    select
        series_id,
        day as known_day,
        publishers as voices,
        low,
        best,
        high
    from {{ this.include(database=false) }} as int_summed_known
    where {{ stands_before }}
),
{% endif %}

sums as (
    select
        series_id,
        known_day as day,
        cast(sum(sum(low)) over upto as bigint) as low,
        cast(sum(sum(best)) over upto as bigint) as best,
        cast(sum(sum(high)) over upto as bigint) as high,
        max(voices) as publishers
    from {{ 'moves_since' if is_partial() else 'moves' }}
    group by series_id, known_day
    window upto as (partition by series_id order by known_day)
),

-- A whole has its parts' facts behind it too.
told as (
    select
        facts.incident_id,
        facts.fact_id,
        claims.known_day,
        unnest(list_distinct([series.series_id, series.whole_series_id])) as series_id
    from {{ ref('int_incident_facts') }} as facts
    inner join {{ ref('int_claims') }} as claims on facts.fact_id = claims.fact_id
    inner join {{ ref('int_series') }} as series on claims.series_id = series.series_id
    where not facts.is_window {{- ' and facts.incident_id in ' ~ moved if is_partial() }} {{ and_since('claims.known_at', 'first_day') }}
),

behind as (
    select
        totals.series_id,
        totals.known_day as day,
        list_sort(list(told.fact_id)) as fact_ids
    from {{ ref('int_incident_totals') }} as totals
    inner join told
        on totals.incident_id = told.incident_id and totals.series_id = told.series_id and totals.known_day = told.known_day
    {{ 'where ' ~ since_touched('totals.series_id', 'totals.known_day', touched_sums) if is_partial() }}
    group by totals.series_id, totals.known_day
),

totals as (
    select
        sums.*,
        coalesce(behind.fact_ids, []) as fact_ids
    from sums
    left join behind on sums.series_id = behind.series_id and sums.day = behind.day
    where sums.best > 0 {{- ' and ' ~ since_touched('sums.series_id', 'sums.day', touched_sums) if is_partial() }}
    {%- if is_partial() %}
    union all by name
    -- The row before the first touched day, which another one follows now.
    select * exclude (last_day) from {{ this.include(database=false) }} as int_summed_known
    where {{ stands_before }}
    {%- endif %}
)

{{ standing('totals') }}
