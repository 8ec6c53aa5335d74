{{
    config(
        materialized='partial', key='situation_id',
        scope='situation_id in (select touched.situation_id from changes.touched_situations as touched)'
    )
}}
{%- set touched_situations = touched('situations') -%}
-- The day since which a second voice tells of a situation; before it, or without one, the only voice is believed.
with
first_days as (
    select
        situation_id,
        voice,
        min(known_day) as first_day
    from {{ ref('int_claims') }}
    {{ where_touched('situation_id', touched_situations) }}
    group by situation_id, voice
)

select
    situation_id,
    first_day as second_voice_day
from first_days
qualify row_number() over (partition by situation_id order by first_day, voice) = 2
