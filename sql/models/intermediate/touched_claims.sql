{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_versions'), ref('int_facts'), ref('int_situation_runs')] -%}
-- Texts whose claims a partial build reads again: those whose facts it read, and those of runs of days that began
-- otherwise than before.
{%- if is_partial() %}
    with
    moved_runs as (
        select
            country,
            cause,
            any_value(start_day) as start_day,
            max(end_day) as end_day
        from changes.int_situation_runs
        group by situation_id, country, cause
        having count(*) = 1
    )

    select version_id from {{ ref('touched_versions') }}
    union
    select facts.version_id
    from {{ ref('int_facts') }} as facts
    inner join moved_runs
        on
            facts.country = moved_runs.country
            and facts.cause = moved_runs.cause
            and facts.known_day between moved_runs.start_day and moved_runs.end_day
{%- else %}
    select version_id from {{ ref('int_facts') }}
    where false
{%- endif %}
