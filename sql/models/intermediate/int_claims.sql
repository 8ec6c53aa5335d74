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
        facts.*,
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
