{{
    config(
        materialized='partial', variables=text_bounds('changes.touched_versions'),
        scope="version_id in (select touched.version_id from changes.touched_versions as touched) and known_at >= getvariable('known_since')"
    )
}}
{%- set touched_versions = touched('versions') %}
with
read as (
    select
        -- What nothing is counted by stays behind: the mart fetches it by the fact's id.
        facts.* exclude (
            batch_id, article_id, evidence, evidence_start, evidence_end, number_text, victims, victim_type, implicit, confidence,
            extractor, loaded_at, feed_id, url, title, published_at
        ),
        cast(facts.known_at as date) as known_day,
        cast(facts.superseded_at as date) as superseded_day,
        syndication.syndication_id,
        syndication.is_copy,
        syndication.voice
    from {{ ref('int_corrected_facts') }} as facts
    inner join {{ ref('int_syndication') }} as syndication on facts.version_id = syndication.version_id
    where true {{ where_touched('facts.version_id', touched_versions, start='and') }} {{ and_since('facts.loaded_at', 'loaded_since') }}
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

-- Few facts share a hash of all that makes two mentions the same: the window over it all sees those alone.
hashed as (
    select
        *,
        case when measure = 'new' then coalesce(place_name, place, '') end as new_place,
        case when measure = 'new' then end_date end as new_date,
        hash(
            version_id, metric, unit, displacement, measure, low, high, population, side, country, background, new_place,
            new_date
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
    qualify row_number() over (
        partition by
            version_id, metric, unit, displacement, measure, low, high, population, side, country, background, new_place,
            new_date
        order by number_start, fact_id
    ) > 1
),

counted as (
    select
        hashed.* exclude (number_start, number_end, stated_side, new_place, new_date, mention),
        coalesce(hashed.low, 1) as count_low,
        hashed.high as count_high,
        case
            when hashed.low is null then hashed.high
            when hashed.high is null then hashed.low
            else cast(round(sqrt(hashed.low::double * hashed.high)) as bigint)
        end as count_best,
        repeats.fact_id is not null as is_repeat
    from hashed
    left join repeats on hashed.fact_id = repeats.fact_id
)

select
    *,
    not is_repeat and not is_dropped and not background and country is not null and count_best > 0 as is_counted
from counted
