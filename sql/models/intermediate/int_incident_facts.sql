{{
    config(
        materialized='partial', key='fact_id',
        variables={'told_since': 'select min(touched.known_at) from changes.touched_incident_facts as touched'},
        scope='fact_id in (select touched.fact_id from changes.touched_incident_facts as touched)'
    )
}}
{%- set touched_incident_facts = touched('incident_facts') -%}
{%- set touched_chains = touched('chains') -%}
-- Which event each `new` fact tells of. A telling follows an earlier one of the same event, and the first of such a chain
-- names the incident; a part is of its whole's.
with
wholes as (
    select * from {{ ref('int_told') }}
    where true {{ where_touched('version_id', touched_incident_facts, start='and') }} {{ and_since('known_at', 'told_since') }}
),

links as (
    select
        telling_id,
        earlier_id
    from {{ ref('int_retellings') }}
    {{ where_touched('telling_id', touched_chains) }}
),

{{ follow('links', 'telling_id', 'earlier_id', rounds=10) }}

firsts as (
    select
        wholes.*,
        coalesce(links_followed.earlier_id, wholes.telling_id) as first_id
    from wholes
    left join links_followed on wholes.telling_id = links_followed.telling_id
),

{% if is_partial() -%}
-- A telling that follows what it followed before is of the incident that it was of.
stood as (
    select
        told.telling_id,
        any_value(stood.incident_id) as incident_id
    from {{ ref('int_told') }} as told
    inner join {{ this.include(database=false) }} as stood on told.fact_id = stood.fact_id
    where
        told.telling_id in (select firsts.first_id from firsts)
        and told.telling_id not in (select touched.telling_id from {{ touched_chains }} as touched)
    group by told.telling_id
),

{% endif -%}
whole_incidents as (
    select
        firsts.fact_id,
        firsts.version_id,
        {{ 'coalesce(stood.incident_id, firsts.first_id)' if is_partial() else 'firsts.first_id' }} as incident_id,
        firsts.event_day,
        firsts.is_dated,
        firsts.is_window
    from firsts
    {{ 'left join stood on firsts.first_id = stood.telling_id' if is_partial() }}
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
where parts.measure = 'new' {{ and_since('parts.known_at', 'told_since') }}
