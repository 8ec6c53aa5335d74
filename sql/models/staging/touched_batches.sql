{{ config(materialized='table', schema='changes') }}
{%- set sources = [ref('touched_articles'), ref('stg_loads')] -%}
-- Batches of which the books may come out otherwise than before: those of days on which a batch was loaded since, or saw an article that such a
-- batch has or had. A batch that stands for another day now is of both.
{%- if is_partial() %}
    with
    touched as (
        select batch_id from changes.new_loads
        union
        select batch_id from {{ source('raw', 'articles') }}
        {{ where_touched('article_id', ref('touched_articles')) }}
    ),

    days as (
        select distinct cast(as_of as date) as day
        from {{ source('raw', 'loads') }}
        {{ where_touched('batch_id', 'touched') }}
    )

    select
        loads.batch_id,
        days.day,
        (select min(every_load.loaded_at) from {{ source('raw', 'loads') }} as every_load where every_load.batch_id = loads.batch_id)
            as first_loaded_at
    from days
    left join {{ ref('stg_loads') }} as loads on days.day = cast(loads.as_of as date)
{%- else %}
    select
        batch_id,
        cast(as_of as date) as day,
        loaded_at as first_loaded_at
    from {{ ref('stg_loads') }}
    where false
{%- endif %}
