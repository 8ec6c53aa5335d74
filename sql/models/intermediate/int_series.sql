-- The series that facts belong to, each with the series of its whole: children killed are part of all killed.
-- Combatants are nobody's part: armies' losses are claimed by others, over other periods, than the toll among residents.
with
claimed as (
    select distinct
        situation_id,
        country,
        side,
        population,
        metric,
        unit,
        displacement,
        series_id
    from {{ ref('int_claims') }}
),

parts as (
    select
        *,
        case
            when population in ('all', 'combatants') then series_id
            else {{ series_key("'all'") }}
        end as whole_series_id
    from claimed
),

-- A whole of which only parts were ever told.
wholes as (
    select distinct * replace ('all' as population, whole_series_id as series_id)
    from parts
    where whole_series_id not in (select claimed.series_id from claimed)
)

select * from parts
union all
select * from wholes
