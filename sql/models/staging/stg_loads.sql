select
    batch_id,
    max_by(kind, loaded_at) as kind,
    max_by(as_of, loaded_at) as as_of,
    max_by(extractor, loaded_at) as extractor,
    max(loaded_at) as loaded_at,
    -- 'rules 0.10' is newer than 'rules 0.9': versions are compared number by number.
    list_transform(
        regexp_extract_all(max_by(extractor, loaded_at), '\d+'), lambda digits: try_cast(digits as bigint)
    ) as extractor_numbers
from {{ source('raw', 'loads') }}
group by batch_id
