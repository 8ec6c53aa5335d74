{#- Great-circle distance in kilometres between the places of two rows. -#}
{% macro kilometres(one, other) -%}
    2 * 6371 * asin(sqrt(least(1.0,
        pow(sin(radians({{ other }}.latitude - {{ one }}.latitude) / 2), 2)
        + cos(radians({{ one }}.latitude)) * cos(radians({{ other }}.latitude))
        * pow(sin(radians({{ other }}.longitude - {{ one }}.longitude) / 2), 2)
    )))
{%- endmacro %}
