-- Conflicts and disasters that facts tell of, whether somebody named them or not.
with
claimed as (
    select
        situation_id,
        any_value(cause) as cause,
        list(distinct country order by country) as countries,
        min(known_day) as first_claim_day,
        max(known_day) as last_claim_day,
        count(*) as facts,
        count(distinct publisher) as publishers
    from {{ ref('int_claims') }}
    group by situation_id
)

select
    claimed.situation_id,
    coalesce(named.name, 'Found: ' || claimed.cause || ' in ' || runs.country) as name,
    claimed.cause,
    claimed.countries,
    named.situation_id is not null as is_named,
    coalesce(named.start_day, runs.start_day) as start_day,
    case when named.situation_id is not null then named.end_day when runs.is_over then runs.end_day end as end_day,
    claimed.first_claim_day,
    claimed.last_claim_day,
    claimed.facts,
    claimed.publishers
from claimed
left join {{ ref('named_situations') }} as named on claimed.situation_id = named.situation_id
left join {{ ref('int_situation_runs') }} as runs on claimed.situation_id = runs.situation_id
