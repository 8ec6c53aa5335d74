{{ config(materialized='table', schema='changes') }}
{%- set told = ref('int_told') -%}
-- Kinds of events and days of which a partial build looks for earlier tellings again, and those among which it looks: a
-- telling tells one again of up to two weeks before, or of the day after, and either may be of the day that another named, up
-- to a week before or a day after.
{%- if is_partial() %}
    select
        kind_id,
        event_day + steps.apart as event_day,
        bool_or(steps.apart between -10 and 29) as is_remade
    from (
        select distinct
            kind_id,
            event_day
        from changes.int_told
    ) as touched
    cross join (select unnest(range(-40, 41))::integer as apart) as steps
    group by kind_id, event_day + steps.apart
{%- else %}
    select
        kind_id,
        event_day,
        false as is_remade
    from {{ told }}
    where false
{%- endif %}
