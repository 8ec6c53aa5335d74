{#-
  CTEs that follow links to their end: `<links>_followed` has the last row of each chain. Each round doubles the steps,
  so `rounds` follow chains of 2 ** rounds links. Links never form a circle: each points to an earlier row.
-#}
{% macro follow(links, key, target, rounds) -%}
    {%- for round in range(1, rounds + 1) %}
    {%- set before = links if loop.first else links ~ '_' ~ (round - 1) %}
    {{ links }}_{{ 'followed' if loop.last else round }} as (
        select one.{{ key }}, coalesce(next.{{ target }}, one.{{ target }}) as {{ target }}
        from {{ before }} as one
        left join {{ before }} as next on one.{{ target }} = next.{{ key }}
    ),
    {% endfor %}
{%- endmacro %}
