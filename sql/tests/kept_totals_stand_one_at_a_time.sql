-- A series of which two kept totals stand on one evening. Older rows were checked while they stood.
select
    series_id,
    method
from kept.totals
where last_evening = date '9999-12-31'
group by series_id, method
having count(*) > 1
