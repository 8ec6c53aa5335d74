{{
    config(
        materialized='partial', key='fact_id', variables=text_bounds('changes.touched_claims'),
        scope="version_id in (select touched.version_id from changes.touched_claims as touched) and known_at >= getvariable('known_since')"
    )
}}
{%- set touched_claims = touched('claims') -%}
-- One row a counted fact, with the situation and the series that it belongs to. A situation is a named one, else the run of
-- days that the fact's country and cause were told of.
with
facts as (
    select
        fact_id,
        version_id,
        subset_of,
        publisher,
        voice,
        claimant_group,
        known_at,
        known_day,
        metric,
        unit,
        displacement,
        measure,
        quantifier,
        low,
        high,
        count_low,
        count_best,
        count_high,
        population,
        side,
        country,
        cause,
        start_date,
        end_date,
        place,
        place_id,
        place_name,
        place_kind,
        latitude,
        longitude
    from {{ ref('int_facts') }}
    where is_counted and (superseded_day is null or superseded_day > known_day) {{ where_touched('version_id', touched_claims, start='and') }} {{ and_since('known_at', 'known_since') }}
),

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
    from facts
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
    group by facts.fact_id
),

situated as (
    select
        facts.*,
        coalesce(matched.situation_id, runs.situation_id) as situation_id
    from facts
    left join matched on facts.fact_id = matched.fact_id
    -- Harm of long before a run is of another event, whatever the text says.
    left join {{ ref('int_situation_runs') }} as runs
        on
            facts.country = runs.country
            and facts.cause = runs.cause
            and facts.known_day between runs.start_day and runs.end_day
            and coalesce(facts.end_date, facts.known_day) >= runs.start_day - 30
    where coalesce(matched.situation_id, runs.situation_id) is not null
),

-- A part of the same people as its whole is a share of a count, no count of its own.
shares as (
    select parts.fact_id
    from facts as parts
    inner join {{ ref('int_facts') }} as wholes
        on
            parts.version_id = wholes.version_id {{ and_since('wholes.known_at', 'known_since') }}
            and parts.subset_of = wholes.fact_id
            and parts.population = wholes.population
            and coalesce(parts.side, '') = coalesce(wholes.side, '')
)

select
    situated.*,
    {{ series_key('situated.population', 'situated') }} as series_id,
    situated.measure = 'total' and situated.fact_id not in (select shares.fact_id from shares) as is_total
from situated
