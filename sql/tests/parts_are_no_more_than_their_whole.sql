-- A part that is larger than its whole on the same day, by the same method.
with
days as (
    select
        series_id,
        method,
        day,
        low,
        best,
        high
    from {{ ref('running_totals') }}
    union all
    select
        series_id,
        'new' as method,
        day,
        low,
        best,
        high
    from {{ ref('daily_new') }}
)

select
    parts.series_id,
    parts.method,
    parts.day
from days as parts
inner join {{ ref('int_series') }} as series on parts.series_id = series.series_id
inner join days as wholes
    on series.whole_series_id = wholes.series_id and parts.method = wholes.method and parts.day = wholes.day
where parts.best > wholes.best or parts.high > wholes.high
