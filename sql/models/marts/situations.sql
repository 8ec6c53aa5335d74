select
    claims.situation_id,
    coalesce(any_value(named.name), 'Found: ' || any_value(claims.cause) || ' in ' || any_value(claims.country)) as name,
    any_value(claims.cause) as cause,
    list(distinct claims.country order by claims.country) as countries,
    any_value(named.situation_id) is not null as is_named,
    coalesce(any_value(named.start_day), min(claims.known_day)) as start_day,
    any_value(named.end_day) as end_day,
    min(claims.known_day) as first_claim_day,
    max(claims.known_day) as last_claim_day,
    count(*) as facts,
    count(distinct claims.publisher) as publishers
from {{ ref('int_claims') }} as claims
left join {{ ref('named_situations') }} as named on claims.situation_id = named.situation_id
group by claims.situation_id
