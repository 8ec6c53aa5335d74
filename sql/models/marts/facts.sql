{{
    config(
        materialized='partial', key='fact_id', variables=text_bounds('changes.touched_claims'),
        scope="version_id in (select touched.version_id from changes.touched_claims as touched) and known_at >= getvariable('known_since')"
    )
}}
{%- set touched_claims = touched('claims') -%}
-- All facts. Those that count have a situation: a named one, else the run of days that their country and cause were told of.
with
-- Named situations by country and cause, the most special first: one that names places, then the latest begun.
named as (
    select
        country,
        cause,
        list(situation order by situation.places is null, situation.start_day desc, situation.situation_id desc) as situations
    from (
        select
            unnest(string_split(countries, ';')) as country,
            cause,
            {
                'situation_id': situation_id,
                'places': string_split(lower(places), ';'),
                'start_day': start_day,
                'end_day': coalesce(end_day, date '9999-12-31')
            } as situation
        from {{ ref('named_situations') }}
    )
    group by country, cause
),

placed as (
    select
        facts.* exclude (side, country),
        derived.* exclude (fact_id, version_id, known_at, cause),
        syndication.syndication_id,
        syndication.is_copy,
        syndication.voice,
        -- A text that an edit replaced on the day it came out counts nowhere.
        derived.is_counted and (facts.superseded_at is null or cast(facts.superseded_at as date) > derived.known_day) as is_claim,
        coalesce(facts.end_date, derived.known_day) as harm_day
    from {{ ref('int_corrected_facts') }} as facts
    inner join {{ ref('int_facts') }} as derived on facts.fact_id = derived.fact_id {{ and_since('derived.known_at', 'known_since') }}
    inner join {{ ref('int_syndication') }} as syndication on facts.version_id = syndication.version_id
    where true {{ where_touched('facts.version_id', touched_claims, start='and') }} {{ and_since('facts.loaded_at', 'loaded_since') }} {{ and_since('facts.known_at', 'known_since') }}
),

situated as (
    select
        placed.*,
        case
            when placed.is_claim
                then coalesce(
                    list_filter(
                        named.situations,
                        lambda named_one: placed.known_day >= named_one['start_day']
                        and placed.harm_day between named_one['start_day'] and named_one['end_day']
                        and (
                            named_one['places'] is null
                            or list_contains(named_one['places'], lower(placed.place_name))
                            or list_contains(named_one['places'], lower(placed.place))
                        )
                    )[1].situation_id,
                    -- Harm of long before a run is of another event, whatever the text says.
                    case when placed.harm_day >= runs.start_day - 30 then runs.situation_id end
                )
        end as situation_id
    from placed
    left join named on placed.country = named.country and placed.cause = named.cause
    left join {{ ref('int_situation_runs') }} as runs
        on
            placed.country = runs.country
            and placed.cause = runs.cause
            and placed.known_day between runs.start_day and runs.end_day
)

select
    situated.fact_id,
    situated.article_id,
    situated.version_id,
    situated.publisher,
    situated.url,
    situated.title,
    situated.evidence,
    situated.number_text,
    situated.metric,
    situated.unit,
    situated.displacement,
    situated.low,
    situated.high,
    situated.quantifier,
    {{ count_best('situated') }} as count_best,
    situated.measure,
    situated.start_date,
    situated.end_date,
    situated.place,
    situated.place_id,
    situated.place_name,
    situated.place_kind,
    situated.latitude,
    situated.longitude,
    situated.country,
    situated.country_source,
    situated.victims,
    situated.victim_type,
    situated.population,
    situated.side,
    situated.attribution,
    situated.claimant,
    situated.claimant_group,
    situated.voice,
    situated.subset_of,
    situated.background,
    situated.implicit,
    situated.cause,
    situated.confidence,
    situated.situation_id,
    case when situated.situation_id is not null then {{ series_key('situated.population', 'situated') }} end as series_id,
    situated.situation_id is not null and situated.measure = 'total' and not situated.is_share as is_total,
    situated.syndication_id,
    situated.is_repeat,
    situated.is_current,
    situated.is_copy,
    situated.is_counted,
    situated.correction_ids,
    situated.published_at,
    situated.known_at,
    situated.superseded_at,
    situated.loaded_at,
    situated.extractor
from situated
