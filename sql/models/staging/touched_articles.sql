{{ config(materialized='table', schema='changes') }}
-- What a partial build looks at again: the articles of batches that were loaded, or loaded again, since the last build.
{%- if is_partial() %}
    select article_id
    from {{ source('raw', 'articles') }}
    where batch_id in (select loads.batch_id from changes.new_loads as loads)
    union
    select article_id
    from {{ source('raw', 'retired_articles') }}
    where batch_id in (select loads.batch_id from changes.new_loads as loads)
{%- else %}
    select article_id
    from {{ source('raw', 'articles') }}
    where false
{%- endif %}
