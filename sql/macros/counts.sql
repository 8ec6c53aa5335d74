{#- Whether a fact's interval is as wide as that of `dozens`: it says how many there may be, no number. -#}
{% macro is_rough(facts) -%}
    coalesce({{ facts }}.high > 1.5 * {{ facts }}.low, false)
{%- endmacro %}

{#- The one number that stands for a fact's interval: its only end, else the middle on a scale of ratios. -#}
{% macro count_best(facts) -%}
    case
        when {{ facts }}.low is null then {{ facts }}.high
        when {{ facts }}.high is null then {{ facts }}.low
        else cast(round(sqrt({{ facts }}.low::double * {{ facts }}.high)) as bigint)
    end
{%- endmacro %}
