{{
    config(
        materialized='partial', variables=text_bounds('changes.touched_versions'),
        scope='article_id in (select touched.article_id from changes.touched_articles as touched)'
    )
}}
{%- set touched_articles, touched_versions = touched('articles'), touched('versions') -%}
-- Claims that an edit changed: what one text counted and the one that took its place counts otherwise, be it an older one that came back.
with
edits as (
    select
        article_id,
        version_before,
        version_id,
        begun_at
    from {{ ref('stg_spells') }}
    where version_before is not null {{ where_touched('article_id', touched_articles, start='and') }}
),

edited as (
    select version_id from edits
    union
    select version_before from edits
),

claims as (
    select
        facts.version_id,
        facts.metric,
        facts.unit,
        facts.measure,
        facts.population,
        facts.country,
        list_sort(list(distinct facts.count_best)) as counts,
        list_sort(list(facts.fact_id)) as fact_ids
    from {{ ref('facts') }} as facts
    where
        not facts.background {{ and_since('facts.known_at', 'known_since') }}
        and facts.version_id in (select edited.version_id from edited)
    group by all
)

select
    edits.article_id,
    versions.url,
    versions.publisher,
    edits.version_before as version_id_before,
    edits.version_id,
    edits.begun_at as revised_at,
    later.metric,
    later.unit,
    later.measure,
    later.population,
    later.country,
    earlier.counts as counts_before,
    later.counts,
    earlier.fact_ids as fact_ids_before,
    later.fact_ids
from edits
inner join {{ ref('stg_versions') }} as versions on edits.version_id = versions.version_id
inner join claims as later on edits.version_id = later.version_id
inner join claims as earlier
    on
        edits.version_before = earlier.version_id
        and later.metric = earlier.metric
        and later.unit = earlier.unit
        and later.measure = earlier.measure
        and later.population = earlier.population
        and later.country is not distinct from earlier.country
where later.counts <> earlier.counts
