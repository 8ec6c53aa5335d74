with
read as (
    select
        facts.* exclude (batch_id, evidence, evidence_start, evidence_end),
        versions.publisher,
        versions.known_at,
        versions.superseded_at,
        versions.is_current,
        cast(versions.known_at as date) as known_day,
        cast(versions.superseded_at as date) as superseded_day,
        syndication.syndication_id,
        syndication.is_copy,
        syndication.voice
    from {{ ref('int_corrected_facts') }} as facts
    inner join {{ ref('stg_versions') }} as versions on facts.version_id = versions.version_id
    inner join {{ ref('int_syndication') }} as syndication on facts.version_id = syndication.version_id
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

numbered as (
    select
        *,
        coalesce(low, 1) as count_low,
        high as count_high,
        case
            when low is null then high
            when high is null then low
            else cast(round(sqrt(low::double * high)) as bigint)
        end as count_best,
        row_number() over (
            partition by
                version_id, metric, unit, displacement, measure, low, high, population, side, country,
                background, case when measure = 'new' then coalesce(place_name, place, '') end,
                case when measure = 'new' then end_date end
            order by number_start, fact_id
        ) as nth_mention
    from claimed
)

select
    * exclude (nth_mention, stated_side),
    nth_mention > 1 as is_repeat,
    nth_mention = 1 and not is_dropped and not background and country is not null and count_best > 0 as is_counted
from numbered
