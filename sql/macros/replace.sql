{#-
  Tables and views are replaced by one statement. dbt's own way (build beside, rename twice, drop) costs more than most of the models, for
  databases that can't do this in a transaction.
-#}
{% materialization table, adapter='duckdb' %}
    {{ return(replaced('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(replaced('view')) }}
{% endmaterialization %}

{% macro replaced(kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type=kind) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {%- if existing is not none and existing.type != kind %}
        drop {{ existing.type }} {{ existing }};
        {%- endif %}
        create or replace {{ kind }} {{ target_relation }} as (
            {{ compiled_code }}
        )
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {%- do return({'relations': [target_relation]}) -%}
{%- endmacro %}
