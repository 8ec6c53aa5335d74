-- First version: the highest count claimed for a place and day is the incident's.
with
incidents as (
    select
        situation_id,
        country,
        side,
        population,
        metric,
        unit,
        displacement,
        series_id,
        coalesce(end_date, known_day) as day,
        coalesce(place_name, place, '') as place,
        max(count_low) as low,
        max(count_best) as best,
        max(coalesce(count_high, count_best)) as high,
        count(distinct publisher) as publishers,
        list(fact_id order by fact_id) as fact_ids
    from {{ ref('int_claims') }}
    where measure = 'new' and subset_of is null and is_current
    group by all
)

select
    situation_id,
    country,
    side,
    population,
    metric,
    unit,
    displacement,
    series_id,
    day,
    sum(low)::bigint as low,
    sum(best)::bigint as best,
    sum(high)::bigint as high,
    count(*) as incidents,
    max(publishers) as publishers,
    list_sort(flatten(list(fact_ids))) as fact_ids
from incidents
group by all
