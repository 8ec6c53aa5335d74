{#- The key of a series. `population` may be another expression than the column: that of the whole, say. -#}
{% macro series_key(population='population', relation='') -%}
    {%- set dot = relation ~ '.' if relation else '' -%}
    md5(concat_ws(
        '|', {{ dot }}situation_id, {{ dot }}country, coalesce({{ dot }}side, ''), {{ population }}, {{ dot }}metric,
        {{ dot }}unit, coalesce({{ dot }}displacement, '')
    ))[:16]
{%- endmacro %}

{#- What tells one series from another, for select lists. -#}
{% macro series_columns(relation) -%}
    {%- for name in ['situation_id', 'country', 'side', 'population', 'metric', 'unit', 'displacement', 'series_id'] -%}
        {{ relation }}.{{ name }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
