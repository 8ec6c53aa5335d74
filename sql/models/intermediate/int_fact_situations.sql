-- Which situation each counted fact belongs to: a named one, else the run of days that its country and cause were told of.
with
named as (
    select
        situation_id,
        cause,
        unnest(string_split(countries, ';')) as country,
        string_split(lower(places), ';') as places,
        start_day,
        coalesce(end_day, date '9999-12-31') as end_day
    from {{ ref('named_situations') }}
),

matched as (
    select
        facts.fact_id,
        -- The most special: one that names the place, then the latest begun.
        arg_max(named.situation_id, (named.places is not null, named.start_day, named.situation_id)) as situation_id
    from {{ ref('int_facts') }} as facts
    inner join named
        on
            facts.country = named.country
            and facts.cause = named.cause
            and facts.known_day >= named.start_day
            and coalesce(facts.end_date, facts.known_day) between named.start_day and named.end_day
            and (
                named.places is null
                or list_contains(named.places, lower(facts.place_name)) or list_contains(named.places, lower(facts.place))
            )
    where facts.is_counted
    group by facts.fact_id
)

select
    facts.fact_id,
    coalesce(matched.situation_id, runs.situation_id) as situation_id
from {{ ref('int_facts') }} as facts
left join matched on facts.fact_id = matched.fact_id
-- Harm of long before a run is of another event, whatever the text says.
left join {{ ref('int_situation_runs') }} as runs
    on
        facts.country = runs.country
        and facts.cause = runs.cause
        and facts.known_day between runs.start_day and runs.end_day
        and coalesce(facts.end_date, facts.known_day) >= runs.start_day - 30
where facts.is_counted and coalesce(matched.situation_id, runs.situation_id) is not null
