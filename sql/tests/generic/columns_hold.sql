{#-
  All that a table's columns must hold, in one query: dbt spends more on a test than DuckDB on the rows. It returns a row for each rule that
  is broken, with how many rows break it and what one of them says.
  unique: columns, or lists of columns that are a key together. accepted_values: column -> values (null passes).
  relationships: column -> the relation that has it too (null passes). rules: name -> condition (null passes).
-#}
{% test columns_hold(model, unique=[], not_null=[], accepted_values={}, relationships={}, rules={}) %}
    {%- set broken = [] -%}
    {%- for column in not_null -%}
    {%- do broken.append((column ~ ' is not null', column ~ ' is null', "''")) -%}
{%- endfor -%}
    {%- for column, values in accepted_values.items() -%}
    {%- do broken.append((column ~ ' has an accepted value', column ~ " not in ('" ~ values | join("', '") ~ "')", column)) -%}
{%- endfor -%}
    {%- for rule, condition in rules.items() -%}
    {%- do broken.append((rule, 'not (' ~ condition ~ ')', "''")) -%}
{%- endfor -%}
with
counted as (
    {%- if broken %}
    select
        unnest([
            {%- for rule, condition, shown in broken %}
            {
                'rule': '{{ rule }}',
                'rows': count(*) filter (where {{ condition }}),
                'example': any_value(cast({{ shown }} as varchar)) filter (where {{ condition }})
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ], recursive := true)
    from {{ model }}
    {%- endif %}
    {%- for key in unique %}
    {%- set columns = [key] if key is string else key %}
    {{ 'union all' if broken or not loop.first }}
    select
        '{{ columns | join(', ') }} is unique' as rule,
        count(*) as rows,
        any_value(example) as example
    from (
        select concat_ws(', ', {{ columns | join(', ') }}) as example
        from {{ model }}
        {%- if key is string %}
        where {{ key }} is not null
        {%- endif %}
        group by {{ columns | join(', ') }}
        having count(*) > 1
    )
    {%- endfor %}
{%- for column, other in relationships.items() %}
    {{ 'union all' if broken or unique or not loop.first }}
    select
        '{{ column }} is in {{ other.identifier }}' as rule,
        count(*) as rows,
        any_value(cast({{ column }} as varchar)) as example
    from {{ model }}
    where {{ column }} not in (select {{ column }} from {{ other }} where {{ column }} is not null)
    {%- endfor %}
)

select * from counted
where rows > 0
{% endtest %}
