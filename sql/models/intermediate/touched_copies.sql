{{ config(materialized='table', schema='changes') }}
{%- set touched_articles = ref('touched_articles') -%}
-- Texts of which a partial build looks for the original again (those known up to a week after a touched one), and the
-- texts of the weeks about them, among which it looks.
{%- if is_partial() %}
    with
    touched_days as (
        select distinct cast(known_at as date) as day
        from (
            select known_at from {{ ref('stg_versions') }}
            {{ where_touched('article_id', touched_articles) }}
            union all
            select known_at from changes.stg_versions
        )
    ),

    days as (
        select
            day + steps.apart as day,
            bool_or(steps.apart >= 0) as is_remade
        from touched_days
        cross join (select unnest(range(-8, 9))::integer as apart) as steps
        group by day + steps.apart
    )

    select
        versions.version_id,
        days.is_remade
    from {{ ref('stg_versions') }} as versions
    inner join days on cast(versions.known_at as date) = days.day
    union all
    select
        version_id,
        true as is_remade
    from changes.stg_versions
    where not is_new and version_id not in (select versions.version_id from {{ ref('stg_versions') }} as versions)
{%- else %}
    select
        version_id,
        false as is_remade
    from {{ ref('stg_versions') }}
    where false
{%- endif %}
