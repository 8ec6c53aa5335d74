-- A correction that is about no fact, or about one that is no longer read as it was when somebody corrected it.
select
    correction_id,
    fact_id,
    field,
    expected,
    found
from {{ ref('int_corrections') }}
where fact_id is null or found is distinct from expected
