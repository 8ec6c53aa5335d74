-- Worth a look, not an error: a reported total of hundreds that tripled, or fell to a third, within three days.
{{ config(severity='warn') }}
with
steps as (
    select
        series_id,
        day,
        best,
        lag(best) over (partition by series_id order by day) as best_before,
        day - lag(day) over (partition by series_id order by day) as days
    from {{ ref('running_totals') }}
    where method = 'reported' and is_confirmed
)

select *
from steps
where days <= 3 and greatest(best, best_before) >= 300 and (best > 3 * best_before or best_before > 3 * best)
