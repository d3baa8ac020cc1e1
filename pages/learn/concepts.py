"""The list of concepts: each has an id, a title and one home lesson; every lesson declares which ones it teaches."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from core.lessons.lesson import Lesson


LEDGER = Path(__file__).with_name("concepts.toml")


@lru_cache(maxsize=1)
def homes() -> dict[str, str]:
    """{concept: lesson}"""
    return {id_: home for home, concepts in _ledger().items() for id_ in concepts}


def title(id_: str) -> str:
    """The concept's title; an id that is not on the list, as in a teacher's own lesson, is returned unchanged."""
    home = homes().get(id_)
    return _ledger()[home][id_] if home else id_


def misplaced(lessons: Iterable[Lesson]) -> list[str]:
    """A message for each concept that is taught twice, in the wrong lesson, or missing from its existing home lesson,
    and for each unknown id."""
    written = list(lessons)
    placed = Counter(id_ for lesson in written for id_ in lesson.head.concepts)
    results = [f"{id_} is placed {count} times" for id_, count in placed.items() if count > 1]
    for lesson in written:
        results += [
            f"{lesson.id} teaches {id_}, which is not a concept" for id_ in lesson.head.concepts if id_ not in homes()
        ]
        results += [
            f"{lesson.id} links to {id_}, which is not a concept" for id_ in lesson.head.links if id_ not in homes()
        ]
        for id_, home in homes().items():
            if home == lesson.id and id_ not in lesson.head.concepts:
                results.append(f"{lesson.id} is the home of {id_} ({title(id_)}) and does not teach it")
            if home != lesson.id and id_ in lesson.head.concepts:
                results.append(f"{lesson.id} teaches {id_}, whose home is {home}; move it to links")
    return results


@lru_cache(maxsize=1)
def _ledger() -> dict[str, dict[str, str]]:
    return tomllib.loads(LEDGER.read_text(encoding="utf-8"))
