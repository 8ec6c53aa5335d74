-- Worth a look, not an error: feeds whose last poll failed, or that listed nothing new for a week while others did.
{{ config(severity='warn') }}
select
    feed_id,
    last_error,
    last_item_at
from {{ ref('feed_health') }}
where not is_healthy or last_item_at < (select max(health.last_item_at) from {{ ref('feed_health') }} as health) - interval 7 days
