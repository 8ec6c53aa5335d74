{{
    config(
        materialized='partial', key='fact_id',
        scope='fact_id in (select touched.fact_id from changes.touched_incident_facts as touched)'
    )
}}
{%- set touched_incident_facts = touched('incident_facts') -%}
-- Which event each `new` fact tells of. A telling follows an earlier one of the same event, and the first of such a chain
-- names the incident; a part is of its whole's.
with
wholes as (
    select * from {{ ref('int_told') }}
    {{ where_touched('version_id', touched_incident_facts) }}
),

links as (
    select
        telling_id,
        earlier_id
    from {{ ref('int_retellings') }}
),

{{ follow('links', 'telling_id', 'earlier_id', rounds=10) }}

whole_incidents as (
    select
        wholes.fact_id,
        wholes.version_id,
        coalesce(links_followed.earlier_id, wholes.telling_id) as incident_id,
        wholes.event_day,
        wholes.is_dated,
        wholes.is_window
    from wholes
    left join links_followed on wholes.telling_id = links_followed.telling_id
)

select
    * exclude (version_id),
    true as is_whole
from whole_incidents
union all
select
    parts.fact_id,
    whole_incidents.incident_id,
    whole_incidents.event_day,
    whole_incidents.is_dated,
    whole_incidents.is_window,
    false as is_whole
from {{ ref('int_claims') }} as parts
inner join whole_incidents on parts.version_id = whole_incidents.version_id and parts.subset_of = whole_incidents.fact_id
where parts.measure = 'new'
