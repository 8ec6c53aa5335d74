{#- Asked by day alone, the macro is another, short query: planning what works evenings out costs 40 ms, whether it is run or not. -#}
{%- set by_day_alone = totals_on('intermediate.int_reported_lines', 'intermediate.int_summed_known', 'intermediate.int_series') -%}
{{
    config(
        materialized='table_function', schema='main',
        parameters=['asked_day) as table (' ~ by_day_alone ~ '), (asked_day', 'clock']
    )
}}
{%- set seeds = ['corrections', 'named_situations', 'nations', 'organisations', 'speaker_words'] -%}
{%- set chain = [
    'stg_loads', 'stg_spells', 'stg_versions', 'stg_facts', 'stg_attributions', 'stg_signatures', 'int_corrections', 'int_corrected_facts',
    'int_copies', 'int_syndication', 'int_claimants', 'int_facts', 'int_situation_runs', 'facts', 'int_claims', 'int_series', 'int_tellings',
    'int_claimant_levels', 'int_reported_totals', 'int_reported_lines', 'int_told', 'int_retellings', 'int_incident_facts',
    'int_incident_states', 'int_second_voices', 'int_incident_totals', 'int_summed_known',
] -%}
{%- for name in seeds + chain -%}{%- do ref(name) -%}{%- endfor -%}
-- Totals as they stood in the evening of a day: by what had been published by then, or by what had been loaded.
with
-- By loading, the tables as they are answer for evenings since the last load (and correction), kept ones for those before; an evening between
-- two loads of one build is worked out from the rows that were there.
evenings as (
    select
        by_then.loads = built.loads
        and by_then.loads = (select count(*) from {{ source('raw', 'loads') }})
        and coalesce(cast(asked_day as date) >= (select max(corrected_on) from {{ ref('corrections') }}), true) as is_now,
        coalesce(by_then.loads = kept.loads, false) as is_kept
    from (
        select count(*) as loads
        from {{ source('raw', 'loads') }}
        where loaded_at < cast(asked_day as date) + 1
    ) as by_then
    left join kept.built as built on true
    left join kept.evenings as kept on cast(asked_day as date) = kept.evening
),

{% if execute and graph is mapping %}
{{ as_loaded(chain) }}
{%- endif %}
by_publication as (
    {{ totals_on(ref('int_reported_lines'), ref('int_summed_known'), ref('int_series')) }}
),

by_loading as (
    {{ totals_on('then_int_reported_lines', 'then_int_summed_known', 'then_int_series') }}
),

by_keeping as (
    select * replace (cast(asked_day as date) - day + newest_claim_age as newest_claim_age)
    from kept.totals
    where cast(asked_day as date) between first_evening and last_evening
)

select * from by_publication
where
    case clock when 'published' then true when 'loaded' then false else error('clock is published or loaded') end
    or (clock = 'loaded' and (select evenings.is_now and not evenings.is_kept from evenings))
union all
select * from by_loading
where clock = 'loaded'
union all
select * exclude (first_evening, last_evening) from by_keeping
where clock = 'loaded' and (select evenings.is_kept from evenings)
