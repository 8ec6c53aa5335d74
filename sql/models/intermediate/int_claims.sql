-- One row a counted fact, with the series that it belongs to.
with
parts as (
    select
        parts.fact_id,
        (wholes.population = parts.population and coalesce(wholes.side, '') = coalesce(parts.side, '')) as is_share
    from {{ ref('int_facts') }} as parts
    inner join {{ ref('int_facts') }} as wholes on parts.subset_of = wholes.fact_id
    where parts.is_counted
),

claims as (
    select
        facts.fact_id,
        facts.version_id,
        facts.subset_of,
        facts.publisher,
        facts.voice,
        facts.claimant_group,
        facts.known_at,
        facts.known_day,
        facts.metric,
        facts.unit,
        facts.displacement,
        facts.measure,
        facts.quantifier,
        facts.low,
        facts.high,
        facts.count_low,
        facts.count_best,
        facts.count_high,
        facts.population,
        facts.side,
        facts.country,
        facts.cause,
        facts.start_date,
        facts.end_date,
        facts.place,
        facts.place_id,
        facts.place_name,
        facts.place_kind,
        facts.latitude,
        facts.longitude,
        situations.situation_id
    from {{ ref('int_facts') }} as facts
    inner join {{ ref('int_fact_situations') }} as situations on facts.fact_id = situations.fact_id
    where facts.superseded_day is null or facts.superseded_day > facts.known_day
)

select
    claims.*,
    {{ series_key('claims.population', 'claims') }} as series_id,
    claims.measure = 'total' and not coalesce(parts.is_share, false) as is_total
from claims
left join parts on claims.fact_id = parts.fact_id
