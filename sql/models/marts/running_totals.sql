{%- set touched_sums = '(select series_id, min(day) as first_day from changes.touched_days group by series_id)' -%}
{%- set drawn_again %}
    day >= cast(getvariable('first_day') as date)
    and (
        method = 'reported' and {{ since_touched('running_totals.series_id', 'running_totals.day', 'changes.touched_series') }}
        or method = 'summed' and {{ since_touched('running_totals.series_id', 'running_totals.day', touched_sums) }}
    )
{%- endset %}
{{
    config(
        materialized='partial', scope=drawn_again,
        variables=since_first_day('(select first_day from changes.touched_series union all select day from changes.touched_days)')
    )
}}
{%- set sources = [touched('series'), touched('days')] -%}
-- Two methods side by side: what somebody claimed to be the count so far, and what new harm adds up to.
with
summed as (
    select
        series_id,
        day,
        'summed' as method,
        cast(sum(low) over series_days as bigint) as low,
        cast(sum(best) over series_days as bigint) as best,
        cast(sum(high) over series_days as bigint) as high,
        publishers,
        0 as newest_claim_age,
        fact_ids
    from {{ ref('daily_new') }}
    {{ where_touched('series_id', touched('days')) }}
    window series_days as (partition by series_id order by day)
)

select
    {{ series_columns('series') }},
    rows.day,
    rows.method,
    rows.low,
    rows.best,
    rows.high,
    rows.publishers,
    rows.newest_claim_age,
    rows.is_confirmed,
    rows.claimants,
    rows.fact_ids
from (
    select * from {{ ref('int_reported_lines') }}
    {%- if is_partial() %}
    where {{ since_touched('int_reported_lines.series_id', 'int_reported_lines.day', touched('series')) }}
    {%- endif %}
    union all by name
    select * from summed
    {%- if is_partial() %}
    where {{ since_touched('summed.series_id', 'summed.day', touched_sums) }}
    {%- endif %}
) as rows
inner join {{ ref('int_series') }} as series on rows.series_id = series.series_id
