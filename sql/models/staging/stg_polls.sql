-- How feeds answered when they were asked.
select
    feed_id,
    polled_at,
    status,
    error,
    newest_item_at,
    batch_id
from {{ source('raw', 'polls') }}
