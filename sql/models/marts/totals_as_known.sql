{{ config(materialized='table_function', parameters=['asked_day'], schema='main') }}
select *
from {{ ref('running_totals') }}
where day <= cast(asked_day as date)
qualify row_number() over (partition by series_id, method order by day desc) = 1
