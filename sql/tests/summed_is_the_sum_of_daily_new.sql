-- A summed total that is not the cumulative sum of what was new.
select totals.series_id
from {{ ref('running_totals') }} as totals
where
    totals.method = 'summed'
    and totals.best <> (
        select sum(daily.best)
        from {{ ref('daily_new') }} as daily
        where daily.series_id = totals.series_id and daily.day <= totals.day
    )
