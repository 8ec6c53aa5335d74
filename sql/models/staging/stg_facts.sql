-- Each version is read from one batch, the one that the newest extractor read: a fact that it no longer finds is gone.
select
    facts.* exclude (loaded_at, code_version),
    facts.loaded_at,
    versions.publisher,
    versions.feed_id,
    versions.url,
    versions.title,
    versions.published_at,
    versions.known_at,
    versions.superseded_at,
    versions.is_current
from {{ source('raw', 'facts') }} as facts
inner join {{ ref('stg_versions') }} as versions
    on facts.version_id = versions.version_id and facts.batch_id = versions.batch_id
