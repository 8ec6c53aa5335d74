{{ config(materialized='table_function', parameters=['asked_day', "clock := 'published'"], schema='main') }}
{%- set seeds = ['corrections', 'named_situations', 'nations', 'organisations', 'speaker_words'] -%}
{%- set chain = [
    'stg_loads', 'stg_versions', 'stg_facts', 'stg_attributions', 'stg_signatures', 'int_corrections', 'int_corrected_facts', 'int_copies',
    'int_syndication', 'int_claimants', 'int_facts', 'int_situation_runs', 'int_claims', 'int_series', 'int_tellings', 'int_claimant_levels',
    'int_reported_totals', 'int_reported_lines', 'int_told', 'int_retellings', 'int_incident_facts', 'int_incident_states', 'int_incident_totals',
    'int_summed_known',
] -%}
{%- for name in seeds + chain -%}{%- do ref(name) -%}{%- endfor -%}
-- Totals as they stood in the evening of a day: by what had been published by then, or by what had been loaded.
with
{%- if execute and graph is mapping %}
{{ as_loaded(chain) }}
{%- endif %}
by_publication as (
    {{ totals_on(ref('int_reported_lines'), ref('int_summed_known'), ref('int_series')) }}
),

by_loading as (
    {{ totals_on('then_int_reported_lines', 'then_int_summed_known', 'then_int_series') }}
)

select * from by_publication
where case clock when 'published' then true when 'loaded' then false else error('clock is published or loaded') end
union all
select * from by_loading
where clock = 'loaded'
