{#- A field of a fact after corrections; an empty value sets null. -#}
{% macro corrected(field, type='varchar') -%}
    case
            when changes.fields['{{ field }}'] is null then facts.{{ field }}
            else cast(nullif(changes.fields['{{ field }}'], '') as {{ type }})
        end as {{ field }}
{%- endmacro %}
