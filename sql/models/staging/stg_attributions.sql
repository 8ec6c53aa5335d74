-- Who was quoted, in the words of the texts.
select distinct attribution
from {{ source('raw', 'facts') }}
where attribution is not null
