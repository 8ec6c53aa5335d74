-- noqa: disable=LT02
{#-
  Partial builds: models of materialization `partial` are made again only where loads since the last build bear on them.

  changes.built_loads has the loads that the models stand for. A build drops it first and writes it last, so a build that
  was killed, or of which a model failed, leaves none, and the next one makes everything from nothing.
  changes.new_loads is there during a partial build; changes.<model> has the rows that it took out of a model and put in.
-#}

{#- Whether the model that is being rendered is made in part. -#}
{% macro is_partial() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'compile'] and model.config.materialized != 'table_function' -%}
        {{ return(has_table('new_loads')) }}
    {%- endif -%}
{%- endmacro %}

{% macro has_table(name) -%}
    {%- set query = "select 1 from duckdb_tables() where schema_name = 'changes' and table_name = '" ~ name ~ "'" -%}
    {{ return(run_query(query).rows | length > 0) }}
{%- endmacro %}

{#- The keys that changes.touched_<name> lists. Named outright where a model runs: a unit test knows no such table. -#}
{% macro touched(name) -%}
    {%- if not execute -%}
        {%- do ref('touched_' ~ name) -%}
    {%- endif -%}
    {{ return('changes.touched_' ~ name) }}
{%- endmacro %}

{#- A condition for a partial build, none for a full one: `column` is among the touched keys that `relation` lists. -#}
{% macro where_touched(column, relation, start='where') -%}
    {%- if is_partial() %}{{ start }} {{ column }} in (select touched.{{ column.split('.')[-1] }} from {{ relation }} as touched){% endif -%}
{%- endmacro %}

{#- Rows of the mart `facts` that belong to a series and that a partial build took out or put in. -#}
{% macro changed_claims() -%}
    (select changed.*, cast(changed.known_at as date) as known_day from changes.facts as changed where changed.series_id is not null)
{%- endmacro %}

{#-
  Whether a row is of a series that `relation` lists, and of its first day or later, or of the `before` days before that. Most rows are older than
  any: the variable first_day (`since_first_day`) spares them the look.
-#}
{% macro since_touched(series, day, relation, before=0) -%}
    {{ day }} >= cast(getvariable('first_day') as date) - {{ before }} and exists (
        select 1 from {{ relation }} as touched
        where touched.series_id = {{ series }} and {{ day }} >= touched.first_day - {{ before }}
    )
{%- endmacro %}

{#- Whether a row of `lines` stood on the day before the first day that `relation` lists for its series: one of a series at the most. -#}
{% macro stood_before(lines, relation) -%}
    {{ since_touched(lines ~ '.series_id', lines ~ '.last_day', relation, before=1) }}
    and not exists (
        select 1 from {{ relation }} as touched
        where touched.series_id = {{ lines }}.series_id and {{ lines }}.day >= touched.first_day
    )
{%- endmacro %}

{#- Before any model: what was loaded since the last build; nothing where everything is to be made again. -#}
{% macro begin_build() -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- do run_query('create schema if not exists changes') -%}
        {%- do run_query(open_kept()) -%}
        {%- set is_known = has_table('built_loads') and is_same_project() -%}
        {#- Tables that other SQL made may have other columns. -#}
        {%- do run_query(keep_evenings() if is_known else forget_built()) -%}
        {%- if is_known and not flags.FULL_REFRESH -%}
            {%- do run_query(begin_partial()) -%}
        {%- else -%}
            {%- do run_query(begin_full(partial_models())) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro partial_models() -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.materialized == 'partial' -%}
        {%- do names.append(node.name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{% macro begin_full(names) -%}
    drop table if exists changes.built_loads;
    drop table if exists changes.new_loads;
    {%- for name in names %}
    drop table if exists changes.{{ name }};
    {%- endfor %}
{%- endmacro %}

{% macro begin_partial() -%}
    create or replace table changes.new_loads as
    select load_id, batch_id from raw.loads
    except all
    select load_id, batch_id from changes.built_loads;
    drop table changes.built_loads;
{%- endmacro %}

{#- After the last model, where all came out well: the models stand for every load. -#}
{% macro end_build(results) -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set made = namespace(models=0) -%}
        {%- for result in results if result.node.resource_type == 'model' and result.status == 'success' -%}
            {%- set made.models = made.models + 1 -%}
        {%- endfor -%}
        {%- if made.models == graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list | length -%}
            {%- do run_query(end_whole(project_fingerprint())) -%}
            {%- do run_query(note_built()) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro end_whole(fingerprint) -%}
    create or replace table changes.built_loads as
    select load_id, batch_id, '{{ fingerprint }}' as fingerprint from raw.loads
    union all
    select null, null, '{{ fingerprint }}';
    drop table if exists changes.new_loads;
{%- endmacro %}

{#- Changes with any model or seed. (What changes with macros, `tollwire build` sees.) -#}
{% macro project_fingerprint() -%}
    {%- set sums = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] -%}
        {%- do sums.append(node.unique_id ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {{ return(local_md5(sums | sort | join(' '))) }}
{%- endmacro %}

{% macro is_same_project() -%}
    {%- set found = run_query('select any_value(fingerprint) from changes.built_loads').rows[0][0] -%}
    {{ return(found == project_fingerprint()) }}
{%- endmacro %}

{#-
  Variables for the models that read the texts of `relation`: moments before which nothing of these lies. Tables are stored by time, so a
  condition on time spares most rows, where one on texts' ids looks through all. A batch's rows are loaded with it or later, and raw.loads keeps
  every load.
-#}
{% macro text_bounds(relation) -%}
    {%- set texts = 'versions.version_id in (select touched.version_id from ' ~ relation ~ ' as touched)' -%}
    {{ return({
        'loaded_since': 'select min(loads.loaded_at) from raw.loads as loads where loads.batch_id in '
            ~ '(select versions.batch_id from staging.stg_versions as versions where ' ~ texts ~ ')',
        'known_since': 'select min(versions.known_at) from '
            ~ '(select version_id, known_at from staging.stg_versions '
            ~ 'union all select version_id, known_at from changes.stg_versions) as versions where ' ~ texts,
    }) }}
{%- endmacro %}

{#- The same for models that read the rows of articles that `relation` lists, in raw.articles and in stg_versions. -#}
{% macro article_bounds(relation) -%}
    {%- set touched = 'article_id in (select touched.article_id from ' ~ relation ~ ' as touched)' -%}
    {{ return({
        'loaded_since': 'select min(loaded_at) from raw.articles where ' ~ touched,
        'stood_since': 'select min(first_loaded_at) from staging.stg_versions where ' ~ touched,
    }) }}
{%- endmacro %}

{#- The variable for models that ask for rows `since_touched`: the first of all first days that `relation` lists. -#}
{% macro since_first_day(relation) -%}
    {{ return({'first_day': 'select min(touched.first_day) from ' ~ relation ~ ' as touched'}) }}
{%- endmacro %}

{#- The variable for models that read what was told of the incidents of `relation`: the first day on which something was, before this build or by it. -#}
{% macro told_bound(relation) -%}
    {{ return({
        'told_since': 'select min(told.known_day) from ('
            ~ 'select known_day from intermediate.int_incident_states '
            ~ 'where incident_id in (select touched.incident_id from ' ~ relation ~ ' as touched) '
            ~ 'union all select cast(known_at as date) from changes.facts) as told',
    }) }}
{%- endmacro %}

{#- A condition for a partial build, none for a full one: no row that lies before the variable `bound`. -#}
{% macro and_since(column, bound) -%}
    {%- if is_partial() %}and {{ column }} >= getvariable('{{ bound }}'){% endif -%}
{%- endmacro %}

{#-
  What a partial build does with a model: `query` gives the rows that are there now of those that `scope`, a condition on
  the model's old rows, picks. With a `key` only rows that differ are replaced, and changes.<name> keeps them. `variables` has
  a query for each variable that the model's query or its scope names.
-#}
{% macro replace_touched(relation, name, query, scope, key, variables) -%}
    {%- for variable, bound in (variables or {}).items() %}
    set variable {{ variable }} = ({{ bound }});
    {%- endfor %}
    create or replace temp table made as (
    {{ query }}
    );
    {%- if key %}
    create or replace temp table stood as
    select * from {{ relation }} where {{ scope }};
    create or replace table changes.{{ name }} as
    select *, true as is_new from (from made except all from stood)
    union all
    select *, false as is_new from (from stood except all from made);
    delete from {{ relation }} as kept using changes.{{ name }} as gone
    where not gone.is_new {%- for column in key.split(', ') %} and kept.{{ column }} = gone.{{ column }}{% endfor %};
    insert into {{ relation }} by name select * exclude (is_new) from changes.{{ name }} where is_new;
    drop table stood;
    {%- else %}
    delete from {{ relation }} where {{ scope }};
    insert into {{ relation }} by name from made;
    {%- endif %}
    drop table made;
{%- endmacro %}

{% materialization partial, adapter='duckdb' %}
    {%- if not is_partial() -%}
        {{ return(replaced('table')) }}
    {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%}
        {{ replace_touched(this, model.name, compiled_code, config.require('scope'), config.get('key'), config.get('variables')) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {%- do return({'relations': [this.incorporate(type='table')]}) -%}
{% endmaterialization %}
