-- MinHash signatures of the versions that have one.
select
    version_id,
    any_value(similarity) as similarity
from {{ source('raw', 'articles') }}
where len(similarity) > 0
group by version_id
