{{
    config(
        materialized='partial', key='series_id, day', variables=since_first_day('changes.touched_series'),
        scope=since_touched('disagreements.series_id', 'disagreements.day', 'changes.touched_series')
    )
}}
{%- set touched_series = touched('series') -%}
-- Claimants who said different counts of one series in the week up to a day.
with
days as (
    select distinct
        series_id,
        day
    from {{ ref('int_tellings') }}
    {%- if is_partial() %}
    where {{ since_touched('int_tellings.series_id', 'int_tellings.day', touched_series) }}
    {%- endif %}
),

standing as (
    select
        days.series_id,
        days.day,
        tellings.claimant,
        max_by(tellings.value, (tellings.day, tellings.value, tellings.fact_ids)) as value,
        max_by(tellings.is_floor, (tellings.day, tellings.value, tellings.fact_ids)) as is_floor,
        max(tellings.day) as said_day,
        max_by(tellings.fact_ids, (tellings.day, tellings.value, tellings.fact_ids)) as fact_ids
    from days
    inner join {{ ref('int_tellings') }} as tellings
        on days.series_id = tellings.series_id and tellings.day between days.day - 6 and days.day
    group by days.series_id, days.day, tellings.claimant
),

compared as (
    select
        series_id,
        day,
        count(*) as claimants,
        min({ 'value': value, 'claimant': claimant, 'fact_ids': fact_ids }) as least,
        max({ 'value': value, 'claimant': claimant, 'fact_ids': fact_ids }) as most
    from standing
    group by series_id, day
)

select
    {{ series_columns('series') }},
    compared.day,
    compared.claimants,
    compared.least.claimant as low_claimant,
    compared.least.value as low,
    compared.most.claimant as high_claimant,
    compared.most.value as high,
    compared.most.value - compared.least.value as difference,
    compared.least.fact_ids as low_fact_ids,
    compared.most.fact_ids as high_fact_ids
from compared
inner join {{ ref('int_series') }} as series on compared.series_id = series.series_id
where compared.claimants > 1 and compared.most.value > 1.05 * compared.least.value
