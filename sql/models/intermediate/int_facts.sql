{{
    config(
        materialized='partial', variables=text_bounds('changes.touched_versions'),
        scope="version_id in (select touched.version_id from changes.touched_versions as touched) and known_at >= getvariable('known_since')"
    )
}}
{%- set touched_versions = touched('versions') %}
-- What is derived of each fact. All else the mart fetches by the fact's id.
with
read as (
    select
        fact_id,
        version_id,
        known_at,
        cast(known_at as date) as known_day,
        metric,
        unit,
        displacement,
        measure,
        low,
        high,
        end_date,
        place,
        place_name,
        population,
        side,
        country,
        attribution,
        background,
        cause,
        number_start,
        subset_of,
        is_dropped
    from {{ ref('int_corrected_facts') }}
    where true {{ where_touched('version_id', touched_versions, start='and') }} {{ and_since('loaded_at', 'loaded_since') }} {{ and_since('known_at', 'known_since') }}
),

-- Where an article is about: the country most of its facts name.
main_countries as (
    select
        version_id,
        arg_max(country, (facts, country)) as country
    from (
        select
            version_id,
            country,
            count(*) as facts
        from read
        where country is not null and not background
        group by version_id, country
    )
    group by version_id
),

placed as (
    select
        read.* exclude (country, side),
        case
            -- A refugee's origin is their nationality, whatever host country the sentence names.
            when read.displacement = 'refugee' and read.side is not null then read.side
            else coalesce(read.country, main_countries.country, read.side)
        end as country,
        case
            when read.displacement = 'refugee' and read.side is not null then 'nationality'
            when read.country is not null then 'stated'
            when main_countries.country is not null then 'article'
            when read.side is not null then 'nationality'
        end as country_source,
        read.side as stated_side
    from read
    left join main_countries on read.version_id = main_countries.version_id
),

sided as (
    select
        placed.*,
        -- People harmed somewhere are that country's people unless a force or another nationality is named.
        case when population = 'combatants' then stated_side else coalesce(stated_side, country) end as side
    from placed
),

claimed as (
    select
        sided.*,
        case
            when sided.attribution is null then 'outlet'
            when claimants.kind = 'official' then coalesce(sided.country, 'officials')
            else claimants.claimant
        end as claimant,
        case
            when sided.attribution is null then 'unattributed'
            when claimants.kind = 'official' then coalesce(sided.country, 'unattributed')
            when claimants.kind in ('organisation', 'state') then claimants.claimant
            else 'unattributed'
        end as claimant_group
    from sided
    left join {{ ref('int_claimants') }} as claimants on sided.attribution = claimants.attribution
),

-- A hash of all that makes two mentions in one text the same. Few facts share one: the window over repeats sees those alone.
hashed as (
    select
        *,
        hash(
            version_id, metric, unit, displacement, measure, low, high, population, side, country, background,
            case when measure = 'new' then coalesce(place_name, place, '') end,
            case when measure = 'new' then end_date end
        ) as mention
    from claimed
),

repeats as (
    select fact_id
    from hashed
    where
        mention in (
            select shared.mention from hashed as shared
            group by shared.mention
            having count(*) > 1
        )
    qualify row_number() over (partition by version_id, mention order by number_start, fact_id) > 1
),

-- A part of the same people as its whole is a share of a count, no count of its own.
shares as (
    select parts.fact_id
    from hashed as parts
    inner join hashed as wholes
        on
            parts.subset_of = wholes.fact_id and parts.version_id = wholes.version_id and parts.population = wholes.population
            and coalesce(parts.side, '') = coalesce(wholes.side, '')
    where parts.subset_of is not null
)

select
    hashed.fact_id,
    hashed.version_id,
    hashed.known_at,
    hashed.known_day,
    hashed.cause,
    hashed.country,
    hashed.country_source,
    hashed.side,
    hashed.claimant,
    hashed.claimant_group,
    shares.fact_id is not null as is_share,
    repeats.fact_id is not null as is_repeat,
    repeats.fact_id is null and not hashed.is_dropped and not hashed.background and hashed.country is not null
    and {{ count_best('hashed') }} > 0 as is_counted
from hashed
left join repeats on hashed.fact_id = repeats.fact_id
left join shares on hashed.fact_id = shares.fact_id
