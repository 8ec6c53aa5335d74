-- How each feed that was ever polled is doing.
select
    feed_id,
    count(*) as polls,
    count(error) as failed_polls,
    max(polled_at) as last_poll_at,
    max(polled_at) filter (where error is null) as last_success_at,
    max(newest_item_at) as last_item_at,
    max({ 'polled_at': polled_at, 'error': error }) filter (where error is not null).error as last_error,
    max({ 'polled_at': polled_at, 'status': status }).status as last_status,
    max({ 'polled_at': polled_at, 'failed': error is not null }).failed = false as is_healthy
from {{ ref('stg_polls') }}
group by feed_id
