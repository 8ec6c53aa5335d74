-- Each version is read from one batch, the one that the newest extractor read: a fact that it no longer finds is gone.
select
    facts.* exclude (loaded_at, code_version),
    facts.loaded_at
from {{ source('raw', 'facts') }} as facts
inner join {{ ref('stg_versions') }} as versions
    on facts.version_id = versions.version_id and facts.batch_id = versions.batch_id
