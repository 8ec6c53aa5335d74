-- noqa: disable=LT02
{#-
  Evenings kept: what totals said on an evening, by what had been loaded until then, is put by before the next load changes it.

  A build stands for the evenings from its last load's day on, until the next load. So when a build begins, and there are loads that the models
  don't know yet, the tables still say what each evening before those said. kept.totals has it, a row as long as it stood; kept.evenings
  says which evenings are there, and of how many loads; kept.built is the number of loads that the models stand for now.
-#}
{% macro open_kept() -%}
    create schema if not exists kept;
    create table if not exists kept.built (loads bigint not null);
    create table if not exists kept.evenings (evening date not null, loads bigint not null);
    create table if not exists kept.totals (
        situation_id varchar, country varchar, side varchar, population varchar, metric varchar, unit varchar, displacement varchar,
        series_id varchar not null, day date not null, method varchar not null, low bigint, best bigint, high bigint, publishers bigint,
        newest_claim_age bigint, is_confirmed boolean, claimants varchar[], fact_ids varchar[],
        first_evening date not null, last_evening date not null
    );
{%- endmacro %}

{#-
  Where changes.built_loads says what the models stand for. A row that stood on the evening before, and is the same, goes on standing. One
  transaction: killed halfway, it would put rows by twice the next time.
-#}
{% macro keep_evenings() -%}
    begin transaction;
    {{ forget_built() }}
    create or replace temp table passing as
    select
        -- A correction is no part of what was said before it was made.
        greatest(
            cast(max(loads.loaded_at) filter (where built.load_id is not null) as date),
            (select max(corrected_on) from seeds.corrections), (select max(evening) + 1 from kept.evenings)
        ) as first_evening,
        cast(min(loads.loaded_at) filter (where built.load_id is null) as date) - 1 as last_evening,
        count(built.load_id) as loads
    from raw.loads as loads
    left join changes.built_loads as built on loads.load_id = built.load_id
    having first_evening <= last_evening;
    create or replace temp table standing as
    select
        series.* exclude (whole_series_id),
        totals.* exclude (series_id, last_day),
        greatest(totals.day, passing.first_evening) as first_evening,
        case when totals.last_day < passing.last_evening then totals.last_day else date '9999-12-31' end as last_evening
    from passing
    inner join (
        from intermediate.int_reported_lines
        union all by name
        select *, 'summed' as method, 0 as newest_claim_age from intermediate.int_summed_known
    ) as totals on totals.day <= passing.last_evening and totals.last_day >= passing.first_evening
    inner join intermediate.int_series as series on totals.series_id = series.series_id;
    create or replace temp table stood as
    select * exclude (last_evening) from kept.totals
    where last_evening = date '9999-12-31' and exists (select 1 from passing);
    create or replace temp table going_on as
    select standing.*
    from standing
    inner join stood
        on stood.series_id = standing.series_id and stood.method = standing.method and stood.day = standing.day
    where
        standing.first_evening = (select first_evening from passing)
        and (stood.low, stood.best, stood.high, stood.publishers, stood.newest_claim_age, stood.is_confirmed, stood.claimants, stood.fact_ids)
        is not distinct from (
            standing.low, standing.best, standing.high, standing.publishers, standing.newest_claim_age, standing.is_confirmed,
            standing.claimants, standing.fact_ids
        );
    update kept.totals as before set last_evening = coalesce(
        (
            select going_on.last_evening from going_on
            where going_on.series_id = before.series_id and going_on.method = before.method and going_on.day = before.day
        ),
        (select first_evening - 1 from passing)
    )
    where before.last_evening = date '9999-12-31' and exists (select 1 from passing);
    insert into kept.totals by name
    select standing.* from standing
    anti join going_on
        on standing.series_id = going_on.series_id and standing.method = going_on.method and standing.day = going_on.day;
    insert into kept.evenings
    select unnest(range(cast(first_evening as timestamp), cast(last_evening + 1 as timestamp), interval 1 day)), loads from passing;
    drop table passing;
    drop table standing;
    drop table stood;
    drop table going_on;
    commit;
{%- endmacro %}

{% macro forget_built() -%}
    delete from kept.built;
{%- endmacro %}

{#- After a build that came out well. -#}
{% macro note_built() -%}
    {{ forget_built() }}
    insert into kept.built select count(*) from raw.loads;
{%- endmacro %}
