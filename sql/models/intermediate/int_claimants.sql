-- Who speaks, as one key: 'the Gaza Health Ministry' and 'Palestinian officials' are PS, 'UNHCR' is UN.
with
attributions as (
    select distinct attribution
    from {{ ref('int_corrected_facts') }}
    where attribution is not null
),

plain as (
    select
        attribution,
        trim(regexp_replace(
            regexp_replace(
                replace(replace(lower(strip_accents(attribution)), '’', ''''), '.', ''), '''s?\b', '', 'g'
            ), '[^a-z0-9'' -]+', ' ', 'g'
        )) as words
    from attributions
),

organised as (
    select
        plain.attribution,
        min_by(organisations.claimant, regexp_extract_all(plain.words, organisations.pattern)) as claimant
    from plain
    inner join {{ ref('organisations') }} as organisations on regexp_matches(plain.words, organisations.pattern)
    group by plain.attribution
),

tokens as (
    select
        attribution,
        list_filter(string_split(words, ' '), lambda word: word <> '') as tokens
    from plain
),

phrases as (
    select
        attribution,
        positions.position,
        lengths.length,
        array_to_string(list_slice(tokens, positions.position, positions.position + lengths.length - 1), ' ') as phrase
    from tokens, range(1, len(tokens) + 1) as positions (position), (values (1), (2), (3)) as lengths (length)
    where positions.position + lengths.length - 1 <= len(tokens)
),

national as (
    select
        phrases.attribution,
        arg_min(nations.country, (phrases.position - 3 * phrases.length, nations.country)) as country
    from phrases
    inner join {{ ref('nations') }} as nations
        on nations.word in (phrases.phrase, rtrim(phrases.phrase, 's'))
    group by phrases.attribution
),

spoken as (
    select
        phrases.attribution,
        bool_or(speaker_words.kind = 'official') as is_official,
        bool_or(speaker_words.kind = 'outlet') as is_outlet,
        bool_or(speaker_words.kind = 'witness') as is_witness
    from phrases
    inner join {{ ref('speaker_words') }} as speaker_words on phrases.phrase = speaker_words.word
    where phrases.length = 1
    group by phrases.attribution
)

select
    plain.attribution,
    case
        when organised.claimant is not null then organised.claimant
        when national.country is not null then national.country
        when spoken.is_official then null
        when spoken.is_witness then 'witnesses'
        when spoken.is_outlet then 'outlet'
        else regexp_replace(plain.words, '^(the|a|an|mr|mrs|ms|dr|gen|col|lt|maj|capt|sgt) ', '')
    end as claimant,
    case
        when organised.claimant is not null then 'organisation'
        when national.country is not null then 'state'
        when spoken.is_official then 'official'
        when spoken.is_witness then 'witness'
        when spoken.is_outlet then 'outlet'
        else 'person'
    end as kind
from plain
left join organised on plain.attribution = organised.attribution
left join national on plain.attribution = national.attribution
left join spoken on plain.attribution = spoken.attribution
