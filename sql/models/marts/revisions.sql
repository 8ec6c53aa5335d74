-- Claims that an edited article changed: what one version counted and the next counts otherwise.
with
claims as (
    select
        versions.article_id,
        facts.version_id,
        versions.version_number,
        versions.publisher,
        versions.url,
        versions.known_at,
        facts.metric,
        facts.unit,
        facts.measure,
        facts.population,
        facts.country,
        list_sort(list(distinct facts.count_best)) as counts,
        list_sort(list(facts.fact_id)) as fact_ids
    from {{ ref('int_facts') }} as facts
    inner join {{ ref('stg_versions') }} as versions on facts.version_id = versions.version_id
    where versions.version_count > 1 and not facts.background
    group by all
)

select
    later.article_id,
    later.url,
    later.publisher,
    earlier.version_id as version_id_before,
    later.version_id,
    later.known_at as revised_at,
    later.metric,
    later.unit,
    later.measure,
    later.population,
    later.country,
    earlier.counts as counts_before,
    later.counts,
    earlier.fact_ids as fact_ids_before,
    later.fact_ids
from claims as later
inner join claims as earlier
    on
        later.article_id = earlier.article_id
        and later.version_number = earlier.version_number + 1
        and later.metric = earlier.metric
        and later.unit = earlier.unit
        and later.measure = earlier.measure
        and later.population = earlier.population
        and later.country is not distinct from earlier.country
where later.counts <> earlier.counts
