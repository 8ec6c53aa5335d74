{#-
  CTEs that follow links to their end: `<links>_followed` has the last row of each chain. Each round doubles the steps,
  so `rounds` follow chains of 2 ** rounds links; rows that are at their end already take no part in the next one. Links never form a
  circle: each points to an earlier row.
-#}
{% macro follow(links, key, target, rounds) -%}
    {%- for round in range(1, rounds + 1) %}
    {%- set before = links ~ '_' ~ (round - 1) %}
    {%- if loop.first %}
    {{ before }} as (
        select *, true as is_open
        from {{ links }}
    ),
    {% endif %}
    {{ links }}_{{ 'followed' if loop.last else round }} as (
        select one.{{ key }}, coalesce(next.{{ target }}, one.{{ target }}) as {{ target }}, coalesce(next.is_open, false) as is_open
        from {{ before }} as one
        left join {{ before }} as next on one.{{ target }} = next.{{ key }}
        where one.is_open
        union all
        select * from {{ before }}
        where not is_open
    ),
    {% endfor %}
{%- endmacro %}
