-- Facts as people corrected them: some fields set, some facts dropped from every count.
with
changes as (
    select
        fact_id,
        map_from_entries(list({ 'key': field, 'value': value } order by correction_id) filter (where action = 'set'))
            as fields,
        bool_or(action = 'drop') as is_dropped,
        list(distinct correction_id order by correction_id) as correction_ids
    from (
        select
            correction_id,
            fact_id,
            action,
            unnest(case field when 'count' then ['low', 'high'] else [field] end) as field,
            value
        from {{ ref('int_corrections') }}
        where fact_id is not null
        -- The last one of a field holds.
        qualify row_number() over (partition by fact_id, action, field order by correction_id desc) = 1
    )
    group by fact_id
)

select
    facts.* replace (
        {{ corrected('quantifier') }},
        {{ corrected('metric') }},
        {{ corrected('unit') }},
        {{ corrected('measure') }},
        {{ corrected('displacement') }},
        {{ corrected('low', 'bigint') }},
        {{ corrected('high', 'bigint') }},
        {{ corrected('start_date', 'date') }},
        {{ corrected('end_date', 'date') }},
        {{ corrected('place_name') }},
        {{ corrected('country') }},
        {{ corrected('population') }},
        {{ corrected('side') }},
        {{ corrected('attribution') }},
        {{ corrected('background', 'boolean') }},
        {{ corrected('cause') }}
    ),
    coalesce(changes.is_dropped, false) as is_dropped,
    changes.correction_ids
from {{ ref('stg_facts') }} as facts
left join changes on facts.fact_id = changes.fact_id
