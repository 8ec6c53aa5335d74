{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('int_claims'), ref('int_series')] -%}
-- Series of which a partial build draws the line again, each from the first day on which something else was said than before.
-- A whole and its parts bound one another, so they are drawn together.
{%- if is_partial() %}
    with
    touched as (
        select
            series_id,
            case when population in ('all', 'combatants') then series_id else {{ series_key("'all'") }} end as whole_series_id,
            min(known_day) as first_day
        from {{ changed_claims() }}
        where is_total
        group by all
    ),

    families as (
        select
            whole_series_id,
            min(first_day) as first_day
        from touched
        group by whole_series_id
    )

    select
        series.series_id,
        families.first_day
    from {{ ref('int_series') }} as series
    inner join families on series.whole_series_id = families.whole_series_id
    union
    -- Those that are no longer there.
    select
        touched.series_id,
        families.first_day
    from touched
    inner join families on touched.whole_series_id = families.whole_series_id
{%- else %}
    select
        series_id,
        current_date as first_day
    from {{ ref('int_series') }}
    where false
{%- endif %}
