#!/usr/bin/env python3
"""Warehouses of any size with the skew of real news, made from a seed: the raw tables as the loader writes them.

    .venv/bin/python -m benchmarks.warehouse /tmp/w/tollwire.duckdb --facts 1000000

Every day brings 5,000 facts, so ten million facts are five and a half years. Situations, publishers and claimants are
Zipf-like: the largest conflict has a third of all facts. A third of the articles copy another publisher's text, one in
sixteen is edited the day after, one in fifty is found weeks late, half hold no fact. Each value is a hash of the seed and
of what it belongs to, so that a day comes out the same whether it is made with others, alone, or again.

Unlike real ones the texts are a sentence long: files are smaller than those of a real warehouse, the models never read
texts.
"""

import argparse
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.warehouse.connect import SCHEMA

FIRST_DAY = date(2019, 1, 1)
FACTS_A_DAY = 5000
FACTS_AN_ARTICLE = 3.5
EXTRACTOR = "rules 1.0.0"
CHUNK = 40
"""Days made at once: bounds memory."""
COUNTRIES = [
    "UA", "RU", "PS", "IL", "SY", "SD", "YE", "MM", "ET", "ML", "NG", "CD", "SO", "AF", "IQ", "LB",
    "IR", "TR", "PK", "IN", "BD", "ID", "PH", "NP", "CN", "JP", "CL", "PE", "HT", "MX", "US", "LY",
    "TD", "CF", "MZ", "BF", "NE", "CM", "KE", "UG", "SS", "ER", "AM", "AZ", "GE", "KZ", "LK", "TH",
    "VN", "MG", "MW", "ZA", "BR", "CO", "EC", "BO", "VE", "GT", "HN",
]  # fmt: skip
METRICS = {"killed": 0.66, "injured": 0.17, "displaced": 0.11, "casualties": 0.04, "missing": 0.02}
POPULATIONS = {"all": 0.58, "civilians": 0.15, "combatants": 0.14, "children": 0.07, "women": 0.03, "medics": 0.02, "journalists": 0.01}  # fmt: skip
BATCH_TABLES = ("polls", "items", "pages", "articles", "facts", "rejected")


@dataclass(frozen=True, slots=True)
class World:
    """What a generated world consists of. Sizes follow from `days`."""

    days: int
    seed: int = 1
    facts_a_day: int = FACTS_A_DAY

    @property
    def articles_a_day(self) -> int:
        """Articles that hold facts; edits bring a few facts more."""
        return round(self.facts_a_day / FACTS_AN_ARTICLE / 1.05)


def world_of(facts: int, seed: int = 1, facts_a_day: int = FACTS_A_DAY) -> World:
    return World(max(1, round(facts / facts_a_day)), seed, facts_a_day)


def zipf_edges(count: int, exponent: float) -> np.ndarray:
    """Upper edges in (0, 1] of `count` shares that fall off as 1 / rank ** exponent."""
    weights = 1 / np.arange(1, count + 1) ** exponent
    return np.cumsum(weights) / weights.sum()


def choices(edges: np.ndarray, **columns: object) -> pa.Table:
    """A table to choose from with an as-of join: a row is chosen by numbers from `floor` up to the next row's."""
    return pa.table({"floor": np.concatenate([[0.0], edges[:-1]]), **columns})


def dimensions(world: World) -> dict[str, pa.Table]:
    """The small tables that articles and facts are drawn from."""
    random = np.random.default_rng(world.seed)
    situations, active = _situations(world, random)
    return {
        "situation_of": situations,
        "active": active,
        "publisher_of": choices(zipf_edges(400, 1.0), publisher=[f"paper{n}" for n in range(400)]),
        "claimant_of": _claimants(random),
        "metric_of": choices(np.cumsum(list(METRICS.values())), metric=list(METRICS)),
        "population_of": choices(np.cumsum(list(POPULATIONS.values())), population=list(POPULATIONS)),
        "place_of": _places(random),
    }


def _situations(world: World, random: np.random.Generator) -> tuple[pa.Table, pa.Table]:
    """Conflicts that last and disasters that pass; and each day's active ones, to be drawn by weight."""
    count = 60 + world.days // 4
    numbers = np.arange(count)
    is_conflict = numbers < 30
    start = np.where(
        is_conflict, random.integers(-200, max(1, world.days // 3), count), random.integers(0, world.days + 60, count)
    )
    start[:6] = -100
    length = np.where(is_conflict, random.integers(300, 3000, count), random.integers(4, 40, count))
    weight = np.where(is_conflict, 1 / (1.0 + numbers) ** 1.1, 0.08 * random.pareto(1.5, count) + 0.01)
    country = np.where(is_conflict, numbers % len(COUNTRIES), random.integers(0, len(COUNTRIES), count))
    causes = np.where(
        is_conflict, "conflict", random.choice(["disaster", "accident", "crime"], count, p=[0.6, 0.25, 0.15])
    )
    toll = np.exp(random.uniform(3, 7, count)) * np.where(is_conflict, 60, 1)
    table = pa.table({
        "situation": numbers, "country": [COUNTRIES[c] for c in country], "country_number": country, "cause": causes,
        "start_day": start, "length": length, "toll": toll, "other_side": [COUNTRIES[(c + 1) % len(COUNTRIES)] for c in country],
    })  # fmt: skip
    rows = []
    for day in range(world.days + 60):
        lives = (start <= day) & (day < start + length)
        age = (day - start[lives]) / length[lives]
        shares = weight[lives] * np.where(is_conflict[lives], 1.0, 1.2 - age)
        edges = np.cumsum(shares) / shares.sum()
        rows.append(
            pa.table(
                {
                    "day": np.full(len(edges), day),
                    "floor": np.concatenate([[0.0], edges[:-1]]),
                    "situation": numbers[lives],
                }
            )
        )
    return table, pa.concat_tables(rows)


def _claimants(random: np.random.Generator) -> pa.Table:
    """A few spokesmen said most; a long tail of names was quoted once. Nearly half of all claims name nobody."""
    offices = ["officials", "authorities", "the health ministry", "the defence ministry", "police", "the military"]
    nations = [
        "Ukrainian",
        "Russian",
        "Palestinian",
        "Israeli",
        "Syrian",
        "Sudanese",
        "Turkish",
        "Indian",
        "Haitian",
        "Libyan",
    ]
    stated = [f"{nation} {office}" for office in offices for nation in nations]
    common = [
        "the UN",
        "officials",
        "UNHCR",
        "the Red Cross",
        "police",
        "witnesses",
        "local media",
        "Human Rights Watch",
        *stated,
    ]
    names = [f"Col. Name{n % 211} Surname{n}" for n in range(30_000)]
    everybody = [None, *common, *names]
    edges = 0.48 + 0.52 * zipf_edges(len(everybody) - 1, 0.9)
    return choices(
        np.concatenate([[0.48], edges]), claimant=everybody, bias=np.exp(random.normal(0, 0.1, len(everybody)))
    )


def _places(random: np.random.Generator, each: int = 60) -> pa.Table:
    centre = np.stack([random.uniform(-30, 55, len(COUNTRIES)), random.uniform(-90, 130, len(COUNTRIES))])
    country = np.repeat(np.arange(len(COUNTRIES)), each)
    number = np.tile(np.arange(each), len(COUNTRIES))
    kinds = np.where(number == 0, "country", np.where(number % 7 == 3, "region", "city"))
    names = [COUNTRIES[c] if n == 0 else f"Town {c}-{n}" for c, n in zip(country, number, strict=True)]
    at = centre[:, country] + random.uniform(-3, 3, (2, len(country)))
    return pa.table({
        "country_number": country, "number": number, "place_id": 10_000 + country * each + number, "place_name": names,
        "place_kind": kinds, "latitude": np.round(at[0], 4), "longitude": np.round(at[1], 4),
    })  # fmt: skip


MACROS = """
create or replace temp macro uniform(what, n, m) as
    (hash(getvariable('seed'), what, n, m) >> 11)::double / (1::ubigint << 53)::double;
create or replace temp macro ident(what, n, m) as md5(concat_ws('|', getvariable('seed'), what, n, m))[:16];
create or replace temp macro at_day(n) as cast(getvariable('first_day') as timestamp) + to_days(n::int);
create or replace temp macro batch_of(n) as 'day-' || cast(cast(at_day(n) as date) as varchar);
-- To so many digits as the press prints.
create or replace temp macro printed(x, digits) as
    greatest(1, round(x / pow(10, greatest(floor(log10(greatest(x, 1))) - digits + 1, 0)))
        * pow(10, greatest(floor(log10(greatest(x, 1))) - digits + 1, 0)))::bigint;
"""
STORIES = """
create or replace temp table stories as
with
numbered as (
    select
        day, nth, day * $each + nth as article,
        -- A third copies a text of the day and a half before, unless that is a copy itself.
        day * $each + nth - 1 - floor(pow(uniform('back', day * $each + nth, 0), 2) * 1.5 * $each)::bigint as source
    from range($first, $last) as days (day), range($each) as articles (nth)
),
told as (
    select
        *,
        case
            when uniform('copy', article, 0) < 0.33 and source >= 0 and uniform('copy', source, 0) >= 0.33 then source
            else article
        end as story
    from numbered
),
dated as (select *, story // $each as story_day from told),
drawn as (
    select dated.*, active.situation
    from dated asof inner join active
        on dated.story_day = active.day and uniform('situation', dated.story, 0) >= active.floor
),
published as (
    select drawn.*, publisher_of.publisher
    from drawn asof inner join publisher_of on uniform('publisher', drawn.article, 0) >= publisher_of.floor
)
select
    published.*,
    situation_of.* exclude (situation),
    -- One in fifty is found weeks after it was published.
    case when uniform('late', article, 0) < 0.02 then 1 + floor(uniform('late', article, 1) * 30) else 0 end as late,
    at_day(day) + to_seconds(3600 * 4 + uniform('time', article, 0) * 17 * 3600) as seen_at,
    case when uniform('edit', article, 0) < 0.06 then 2 else 1 end as versions
from published inner join situation_of on published.situation = situation_of.situation
"""
VERSIONS = """
create or replace temp table versions as
with
numbered as (
    select stories.*, unnest(range(1, versions + 1)) as version, true as has_facts from stories
    union all by name
    -- As many articles without facts.
    select
        -1 - (day * $each + nth) as article, -1 - (day * $each + nth) as story, day, day as story_day, 0 as late, 1 as version,
        'paper' || floor(pow(uniform('publisher', day * $each + nth, 1), 3) * 400)::int as publisher,
        at_day(day) + to_seconds(3600 * 4 + uniform('time', day * $each + nth, 1) * 17 * 3600) as seen_at, false as has_facts
    from range($wanted, $last) as days (day), range($each) as articles (nth)
)
select
    *,
    ident('article', article, 0) as article_id,
    ident('version', article, version) as version_id,
    day + version - 1 as batch_day,
    seen_at + to_days(cast(version - 1 as integer)) as fetched_at,
    seen_at - to_minutes(40) - to_days(cast(late as integer)) as published_at,
    'https://' || publisher || '.example/' || article_id as url
from numbered
"""
FACTS = """
create or replace temp table drawn_facts as
with
told as (
    select
        versions.* exclude (nth),
        unnest(range(1 + least(floor(-ln(1 - uniform('facts', story, 0)) * 2.95), 30)::int)) as nth
    from versions where has_facts and batch_day >= $wanted and batch_day < $last
),
measured as (
    select
        told.*, metric_of.metric,
        case when uniform('measure', story, nth) < 0.28 then 'total' else 'new' end as measure,
        uniform('value', story, nth) as u_value, uniform('quantifier', story, nth) as u_quantifier,
        nth > 0 and uniform('part', story, nth) < 0.1 as is_part,
        -- An event of these days: the first ones of a day are told of most.
        story_day - floor(pow(uniform('delay', story, nth), 3) * 4)::int as event_day,
        floor(pow(uniform('event', story, nth), 3) * 25)::int as event
    from told asof inner join metric_of on uniform('metric', told.story, nth) >= metric_of.floor
),
peopled as (
    select measured.*, case when is_part then 'children' else population_of.population end as population
    from measured asof inner join population_of on uniform('population', measured.story, nth) >= population_of.floor
),
claimed as (
    select peopled.*, claimant_of.claimant, claimant_of.bias
    from peopled asof inner join claimant_of on uniform('claimant', peopled.story, nth) >= claimant_of.floor
),
counted as (
    select
        claimed.*,
        case
            when measure = 'total' then printed(
                toll * pow(greatest(story_day - start_day + 1, 1) / length, 0.7)
                * case metric when 'displaced' then 40 when 'injured' then 2.2 when 'missing' then 0.1 else 1 end
                * case population when 'all' then 1 when 'children' then 0.15 when 'combatants' then 0.8 else 0.3 end
                * bias * (0.97 + 0.06 * u_value) * case version when 2 then 1.04 else 1 end,
                case when uniform('digits', story, nth) < 0.5 then 2 else 3 end
            )
            else greatest(1, printed(
                -- An event's count, as one telling has it.
                1 + pow(1 - uniform('size', situation * 100000 + event_day, event), -1.1)
                * case metric when 'displaced' then 200 else 1.5 end * (0.9 + 0.2 * floor(u_value * 3) / 2),
                2
            )) + case when version = 2 and nth = 0 then 2 else 0 end
        end as value
    from claimed
),
placed as (
    select
        counted.*, place_of.* exclude (country_number, number)
    from counted inner join place_of
        on counted.country_number = place_of.country_number
        and case
            when measure = 'total' or uniform('where', story, nth) < 0.25 then 0
            else floor(pow(uniform('place', situation * 100000 + event_day, event), 2) * 60)::int
        end = place_of.number
)
select
    *,
    ident('fact', version_id, nth) as fact_id,
    case when u_quantifier > 0.99 then value * 2 else value end as upper,
    format('{:,}', value) as number_text,
    case metric when 'displaced' then (['refugee', 'internal', 'evacuated', 'unspecified'])[1 + floor(u_value * 4)::int] end as displacement,
    case metric when 'displaced' then ' people fled ' when 'missing' then ' people are missing in ' else ' people were ' || metric || ' in ' end as said
from placed
"""
INSERT_FACTS = """
insert into raw.facts
select
    fact_id, version_id, article_id, metric,
    case when metric = 'displaced' and uniform('unit', story, nth) < 0.08 then 'household' else 'person' end as unit,
    case when u_quantifier between 0.97 and 0.99 then null else value end as low,
    case when u_quantifier < 0.15 then null else upper end as high,
    case
        when u_quantifier < 0.15 then 'at_least' when u_quantifier < 0.3 then 'about'
        when u_quantifier > 0.99 then 'range' when u_quantifier > 0.97 then 'at_most' else 'exact'
    end as quantifier,
    measure,
    case when measure = 'new' and uniform('dated', story, nth) < 0.75 then cast(at_day(event_day) as date) end as start_date,
    case when uniform('dated', story, nth) < 0.75 then cast(at_day(case measure when 'new' then event_day else story_day end) as date) end as end_date,
    place_name as place, place_id, place_name, place_kind, latitude, longitude, country,
    case population when 'combatants' then 'soldiers' when 'all' then 'people' else population end as victims,
    case population when 'combatants' then 'combatant' when 'all' then 'unspecified' else 'civilian' end as victim_type,
    population,
    case when population = 'combatants' then case when u_value < 0.5 then country else other_side end
        when uniform('side', story, nth) < 0.03 then other_side end as side,
    displacement, claimant as attribution,
    case when is_part then ident('fact', version_id, nth - 1) end as subset_of,
    uniform('background', story, nth) < 0.027 as background, false as implicit, cause,
    number_text, 200 * nth as number_start, 200 * nth + length(number_text) as number_end,
    number_text || said || place_name || coalesce(', according to ' || claimant, '') || '.' as evidence,
    200 * nth as evidence_start, 200 * nth + 150 as evidence_end,
    round(0.5 + 0.5 * uniform('confidence', story, nth), 3) as confidence,
    $extractor, batch_of(batch_day), at_day(batch_day + 1) + interval 2 hours, 'benchmark'
from drawn_facts
"""
INSERT_ARTICLES = """
insert into raw.articles
select
    version_id, article_id, url, null as copy_of_url, ident('item', article, 0) as item_id, ident('page', article, version) as page_id,
    publisher as feed_id, publisher, 'Title ' || story as title, 'Text ' || story || ' as of version ' || version as text, 'en' as language,
    published_at, 'feed' as published_source, null as modified_at, fetched_at,
    -- A copy shares nine tenths of its signature with the original; a text without facts has one of its own.
    list_transform(range(64), lambda i:
        ((hash(case when uniform('own', article * 64 + i, version) < 0.1 then article else story end, i) >> 34)::bigint)
    ) as similarity,
    batch_of(batch_day), at_day(batch_day + 1) + interval 2 hours, 'benchmark'
from versions where batch_day >= $wanted and batch_day < $last
"""
INSERT_PAGES = """
insert into raw.pages
select
    ident('page', article, version), ident('item', article, 0), publisher, publisher, url, url, 200, fetched_at, 'text/html', 3500,
    'batches/' || batch_of(batch_day) || '/pages/0.warc.gz', (article % 10000 + 10000) * 3500, 1800,
    batch_of(batch_day), at_day(batch_day + 1) + interval 2 hours, 'benchmark'
from versions where batch_day >= $wanted and batch_day < $last
"""
INSERT_ITEMS = """
insert into raw.items
select
    ident('item', article, 0), publisher, publisher, url, null, 'Title ' || story, published_at,
    fetched_at - interval 20 minutes, 'new', null, batch_of(batch_day), at_day(batch_day + 1) + interval 2 hours, 'benchmark'
from versions where batch_day >= $wanted and batch_day < $last
union all
select
    ident('refused', day, nth), 'paper' || nth, 'paper' || nth, 'https://paper' || nth || '.example/refused-' || day, null, 'Refused', at_day(day),
    at_day(day) + interval 8 hours, 'new', null, batch_of(day), at_day(day + 1) + interval 2 hours, 'benchmark'
from range($wanted, $last) as days (day), range(20) as refused (nth)
"""
INSERT_REJECTED = """
insert into raw.rejected
select
    'fetch', 'http status', '404', ident('refused', day, nth), 'paper' || nth, 'https://paper' || nth || '.example/refused-' || day,
    at_day(day) + interval 8 hours, batch_of(day), at_day(day + 1) + interval 2 hours, 'benchmark'
from range($wanted, $last) as days (day), range(20) as refused (nth)
"""
INSERT_POLLS = """
insert into raw.polls (
    feed_id, url, polled_at, status, error, etag, last_modified, item_count, taken_count, newest_item_at, batch_id, loaded_at, code_version
)
select
    publisher, 'https://' || publisher || '.example/feed', at_day(day) + interval 8 hours,
    case when failed then 503 else 200 end, case when failed then 'http status 503' end, null, null,
    40, 20, at_day(day) + interval 7 hours, batch_of(day), at_day(day + 1) + interval 2 hours, 'benchmark'
from (
    select publisher, day, uniform('failed', day, hash(publisher) % 100000) < 0.01 as failed
    from publisher_of, range($wanted, $last) as days (day)
)
"""
INSERT_LOADS = """
insert into raw.loads
with
item_counts as (select batch_id, count(*) as items from raw.items group by batch_id),
fact_counts as (select batch_id, count(*) as facts from raw.facts group by batch_id)
select
    ident('load', day, 0), batch_of(day), 'day', at_day(day) + interval 22 hours, at_day(day) + interval 22 hours,
    at_day(day + 1) + interval 2 hours, 'benchmark', $extractor, coalesce(item_counts.items, 0), 0, 0, 0, 0, 20,
    coalesce(fact_counts.facts, 0), coalesce(item_counts.items + fact_counts.facts, 0), 0
from range($wanted, $last) as days (day)
left join item_counts on item_counts.batch_id = batch_of(day)
left join fact_counts on fact_counts.batch_id = batch_of(day)
"""


def add_days(connection: duckdb.DuckDBPyConnection, world: World, first: int, last: int) -> None:
    """Put the batches of days `first` to `last` - 1 into the raw tables."""
    for table, rows in dimensions(world).items():
        connection.register(table, rows)
    connection.execute("set variable seed = ?", [world.seed])
    connection.execute("set variable first_day = ?", [datetime.combine(FIRST_DAY, datetime.min.time())])
    connection.execute(MACROS)
    for begin in range(first, last, CHUNK):
        _add_chunk(connection, world.articles_a_day, begin, min(begin + CHUNK, last))
    _run(connection, INSERT_LOADS, {"wanted": first, "last": last, "extractor": EXTRACTOR})


def _add_chunk(connection: duckdb.DuckDBPyConnection, each: int, first: int, last: int) -> None:
    # Yesterday's articles come along: their edits belong to today's batch.
    values = {"each": each, "first": max(0, first - 1), "wanted": first, "last": last, "extractor": EXTRACTOR}
    for query in (STORIES, VERSIONS, FACTS, INSERT_FACTS, INSERT_ARTICLES, INSERT_PAGES, INSERT_ITEMS, INSERT_REJECTED, INSERT_POLLS):  # fmt: skip
        _run(connection, query, values)


def _run(connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, int | str]) -> None:
    connection.execute(query, {name: value for name, value in values.items() if f"${name}" in query})


def make(file: Path, world: World, memory_limit: str = "6GB") -> None:
    """A new warehouse with all days of a world."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file), config={"memory_limit": memory_limit, "threads": 2}) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf8"))
        add_days(connection, world, 0, world.days)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="the DuckDB file to make; it must not exist")
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.file.exists():
        parser.error(f"{options.file} exists")
    started = time.monotonic()
    world = world_of(options.facts, options.seed)
    make(options.file, world)
    with duckdb.connect(str(options.file), read_only=True) as connection:
        counts = {
            name: connection.execute(f"select count(*) from raw.{name}").fetchall()[0][0] for name in BATCH_TABLES
        }
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    last = FIRST_DAY + timedelta(days=world.days - 1)
    print(f"{FIRST_DAY} to {last}, {options.file.stat().st_size / 1e9:.2f} GB, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
