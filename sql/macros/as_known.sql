{#-
  Rows of series and days with the last day on which each is the newest of its series: what stood on a day is then a condition, no window.
-#}
{% macro standing(rows) -%}
select
    *,
    coalesce(lead(day) over (partition by series_id order by day) - 1, date '9999-12-31') as last_day
from {{ rows }}
{%- endmacro %}

{#- Totals as of the evening of asked_day, from the lines, sums and series in the relations named. -#}
{% macro totals_on(lines, sums, series) -%}
select
    {{ series_columns('series') }},
    totals.day,
    totals.method,
    totals.low,
    totals.best,
    totals.high,
    totals.publishers,
    cast(asked_day as date) - totals.day + totals.newest_claim_age as newest_claim_age,
    totals.is_confirmed,
    totals.claimants,
    totals.fact_ids
from (
    select * from {{ lines }}
    where cast(asked_day as date) between day and last_day
    union all by name
    select
        *,
        'summed' as method,
        0 as newest_claim_age
    from {{ sums }}
    where cast(asked_day as date) between day and last_day
) as totals
inner join {{ series }} as series on totals.series_id = series.series_id
{%- endmacro %}

{#-
  The same models once more, as CTEs of one query over what had been loaded by the evening of asked_day: rows that came
  later are left out, rows that a later load retired are put back. So the past is answered by the present rules, from
  the past's rows alone. `chain` lists the models, each after those it reads. Nothing is read where the
  CTE `evenings` says that other tables have the answer.
-#}
{% macro as_loaded(chain) -%}
    {%- set stand_ins = {} %}
read_again as (
    select loads.batch_id
    from {{ source('raw', 'loads') }} as loads
    inner join evenings on not coalesce(evenings.is_now, false) and not evenings.is_kept
    where loads.loaded_at < cast(asked_day as date) + 1
),
    {%- for name in ['articles', 'facts', 'loads'] %}
        {%- do stand_ins.update({source('raw', name) | string: 'loaded_' ~ name}) %}
loaded_{{ name }} as (
    select * from {{ source('raw', name) }}
    where loaded_at < cast(asked_day as date) + 1 and batch_id in (select read_again.batch_id from read_again)
        {%- if name != 'loads' %}
    union all
    select * exclude (retired_at) from {{ source('raw', 'retired_' ~ name) }}
    where
        loaded_at < cast(asked_day as date) + 1 and retired_at >= cast(asked_day as date) + 1
        and batch_id in (select read_again.batch_id from read_again)
        {%- endif %}
),
    {%- endfor %}
    {%- do stand_ins.update({ref('corrections') | string: 'corrections_by_then'}) %}
corrections_by_then as (
    select * from {{ ref('corrections') }}
    where corrected_on <= cast(asked_day as date)
),
    {%- for name in chain %}
        {%- do stand_ins.update({ref(name) | string: 'then_' ~ name}) %}
        {%- set text = namespace(sql=render(graph.nodes['model.tollwire.' ~ name].raw_code)) %}
        {%- for relation, stand_in in stand_ins.items() %}
            {%- set text.sql = text.sql | replace(relation, stand_in) %}
        {%- endfor %}
then_{{ name }} as (
{{ text.sql }}
),
    {%- endfor %}
{%- endmacro %}
