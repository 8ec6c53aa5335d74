-- One row a counted fact, with the series that it belongs to.
select
    facts.*,
    situations.situation_id,
    md5(concat_ws(
        '|', situations.situation_id, facts.country, coalesce(facts.side, ''), facts.population, facts.metric,
        facts.unit, coalesce(facts.displacement, '')
    ))[:16] as series_id
from {{ ref('int_facts') }} as facts
inner join {{ ref('int_fact_situations') }} as situations on facts.fact_id = situations.fact_id
