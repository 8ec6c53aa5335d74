{#-
  Models name what they read by schema and table alone: a database is called as its file is, and a snapshot that is copied under another name
  or attached as another database must go on working.
-#}
{% macro ref() -%}
    {%- do return(builtins.ref(*varargs, **kwargs).include(database=false)) -%}
{%- endmacro %}

{% macro source() -%}
    {%- do return(builtins.source(*varargs, **kwargs).include(database=false)) -%}
{%- endmacro %}
