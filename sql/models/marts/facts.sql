{{
    config(
        materialized='partial', variables=text_bounds('changes.touched_claims'),
        scope="version_id in (select touched.version_id from changes.touched_claims as touched) and known_at >= getvariable('known_since')"
    )
}}
{%- set touched_claims = touched('claims') %}
select
    facts.fact_id,
    raw_facts.article_id,
    facts.version_id,
    facts.publisher,
    raw_facts.url,
    raw_facts.title,
    raw_facts.evidence,
    raw_facts.number_text,
    facts.metric,
    facts.unit,
    facts.displacement,
    facts.low,
    facts.high,
    facts.quantifier,
    facts.measure,
    facts.start_date,
    facts.end_date,
    facts.place,
    facts.place_id,
    facts.place_name,
    facts.place_kind,
    facts.latitude,
    facts.longitude,
    facts.country,
    facts.country_source,
    raw_facts.victims,
    raw_facts.victim_type,
    facts.population,
    facts.side,
    facts.attribution,
    facts.claimant,
    facts.subset_of,
    facts.background,
    raw_facts.implicit,
    facts.cause,
    raw_facts.confidence,
    claims.situation_id,
    claims.series_id,
    facts.syndication_id,
    facts.is_repeat,
    facts.is_current,
    facts.is_copy,
    facts.is_counted,
    facts.correction_ids,
    raw_facts.published_at,
    facts.known_at,
    facts.superseded_at,
    raw_facts.loaded_at,
    raw_facts.extractor
from {{ ref('int_facts') }} as facts
inner join {{ ref('stg_facts') }} as raw_facts on facts.fact_id = raw_facts.fact_id {{ and_since('raw_facts.loaded_at', 'loaded_since') }}
left join {{ ref('int_claims') }} as claims on facts.fact_id = claims.fact_id {{ and_since('claims.known_at', 'known_since') }}
where true {{ where_touched('facts.version_id', touched_claims, start='and') }} {{ and_since('facts.known_at', 'known_since') }}
