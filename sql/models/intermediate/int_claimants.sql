-- Who speaks, as one key: 'the Gaza Health Ministry' and 'Palestinian officials' are PS, 'UNHCR' is UN.
with
attributions as (
    select attribution from {{ ref('stg_attributions') }}
    union
    select value as attribution
    from {{ ref('corrections') }}
    where action = 'set' and field = 'attribution' and value <> ''
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

-- All in one text, a line each: a pattern is compiled once, not once for every attribution.
lines as (
    select string_agg(distinct words, chr(10)) as text
    from plain
),

matches as (
    select distinct
        organisations.claimant,
        organisations.pattern,
        unnest(regexp_extract_all(lines.text, '(?m)^.*(?:' || organisations.pattern || ').*$')) as words
    from {{ ref('organisations') }} as organisations
    cross join lines
),

organised as (
    select
        plain.attribution,
        min_by(matches.claimant, regexp_extract_all(plain.words, matches.pattern)) as claimant
    from plain
    inner join matches on plain.words = matches.words
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

-- With and without the plural's s: two joins on equal words, where one on either would compare all with all.
singular as (
    select * from phrases
    union all
    select * replace (rtrim(phrase, 's') as phrase)
    from phrases
    where phrase like '%s'
),

national as (
    select
        singular.attribution,
        arg_min(nations.country, (singular.position - 3 * singular.length, nations.country)) as country
    from singular
    inner join {{ ref('nations') }} as nations on singular.phrase = nations.word
    group by singular.attribution
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
