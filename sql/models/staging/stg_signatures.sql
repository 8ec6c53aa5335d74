-- MinHash signatures of the versions that have one. A text that its batch saw twice stands here twice.
select
    articles.version_id,
    versions.known_at,
    articles.similarity,
    articles.loaded_at
from {{ source('raw', 'articles') }} as articles
inner join {{ ref('stg_versions') }} as versions
    on articles.version_id = versions.version_id and articles.batch_id = versions.batch_id
where len(articles.similarity) > 0
