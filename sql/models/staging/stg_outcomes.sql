-- What became of each item of each batch.
select
    batch_id,
    feed_id,
    outcome
from {{ source('raw', 'item_outcomes') }}
