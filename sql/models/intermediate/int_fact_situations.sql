-- Which situation each counted fact belongs to: a named one, else the run of days that its country and cause were told of.
with
named as (
    select
        situation_id,
        cause,
        unnest(string_split(countries, ';')) as country,
        start_day,
        coalesce(end_day, date '9999-12-31') as end_day
    from {{ ref('named_situations') }}
),

matched as (
    select
        facts.fact_id,
        arg_max(named.situation_id, (named.start_day, named.situation_id)) as situation_id
    from {{ ref('int_facts') }} as facts
    inner join named
        on
            facts.country = named.country
            and facts.cause = named.cause
            and facts.known_day >= named.start_day
            and coalesce(facts.end_date, facts.known_day) between named.start_day and named.end_day
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
