{{ config(pre_hook="set variable is_corrected = (select count(*) > 0 from {{ ref('corrections') }})") }}
-- One row a correction and fact that it is about; one without a fact says so by a null.
with
located as (
    select *
    from {{ ref('stg_facts') }}
    -- Where there is none, no fact is looked at.
    where coalesce(getvariable('is_corrected'), true)
)

select
    corrections.correction_id,
    corrections.action,
    corrections.field,
    coalesce(corrections.value, '') as value,
    corrections.expected,
    facts.fact_id,
    case corrections.field
        when 'count' then case when facts.low = facts.high then facts.low::varchar end
        when 'low' then facts.low::varchar
        when 'high' then facts.high::varchar
        when 'quantifier' then facts.quantifier
        when 'metric' then facts.metric
        when 'unit' then facts.unit
        when 'measure' then facts.measure
        when 'displacement' then facts.displacement
        when 'start_date' then facts.start_date::varchar
        when 'end_date' then facts.end_date::varchar
        when 'place_name' then facts.place_name
        when 'country' then facts.country
        when 'population' then facts.population
        when 'side' then facts.side
        when 'attribution' then facts.attribution
        when 'background' then facts.background::varchar
        when 'cause' then facts.cause
    end as found
from {{ ref('corrections') }} as corrections
left join located as facts
    on
        coalesce(corrections.fact_id, corrections.url, corrections.pattern) is not null
        and (corrections.fact_id is null or corrections.fact_id = facts.fact_id)
        and (corrections.url is null or corrections.url = facts.url)
        and (corrections.pattern is null or regexp_matches(facts.evidence, corrections.pattern))
        and (corrections.number_text is null or corrections.number_text = facts.number_text)
