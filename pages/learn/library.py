"""The available lessons: those of ConvScope and those in a teacher's folder, each in one or more languages."""

import os
import time
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.lessons.lesson import Lesson, LessonError, read
from pages.ui.translations import FIRST_LANGUAGE


CONTENT = Path(__file__).parent / "content"
PLAN = Path(__file__).parent / "plan.toml"
RESCAN_SECONDS = 1.0


@dataclass(frozen=True)
class Planned:
    """A lesson of the course, written or not."""

    id: str
    block: str
    title: str
    goal: str


@lru_cache(maxsize=1)
def plan() -> tuple[Planned, ...]:
    return tuple(Planned(**row) for row in tomllib.loads(PLAN.read_text())["lesson"])


def folders() -> list[Path]:
    """The folders with lessons, one subfolder per language; CONVSCOPE_LESSONS may contain English ones directly."""
    own = os.environ.get("CONVSCOPE_LESSONS")
    return [CONTENT, *([Path(own)] if own else [])]


def files(language: str) -> list[Path]:
    """Lesson files in this language, sorted by name; the teacher's after ConvScope's."""
    results = []
    for folder in folders():
        results += sorted((folder / language).glob("*.md"))
        if folder != CONTENT and language == FIRST_LANGUAGE:
            results += sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    return results


def languages() -> list[str]:
    """English first."""
    names = {path.name for folder in folders() if folder.is_dir() for path in folder.iterdir() if path.is_dir()}
    return [FIRST_LANGUAGE, *sorted(name for name in names - {FIRST_LANGUAGE} if files(name))]


def lessons(language: str = FIRST_LANGUAGE) -> dict[str, Lesson]:
    """{id: lesson} in the order of the course, then the teacher's own; lessons missing in this language are in English.
    `problems` lists files that cannot be read. A page calls this for each of its links, so files are rescanned at most
    once per second."""
    return _lessons(language, tuple(folders()), int(time.monotonic() / RESCAN_SECONDS))


@lru_cache(maxsize=10)
def _lessons(language: str, _folders: tuple[Path, ...], _now: int) -> dict[str, Lesson]:
    result = {lesson.id: lesson for path in files(FIRST_LANGUAGE) if (lesson := _read(path)[0])}
    if language != FIRST_LANGUAGE:
        result |= {lesson.id: lesson for path in files(language) if (lesson := _read(path)[0])}
    course = [planned.id for planned in plan() if planned.id in result]
    return {id_: result[id_] for id_ in dict.fromkeys([*course, *result])}


def translated(language: str) -> set[str]:
    """Ids of the lessons that exist in this language."""
    return {lesson.id for path in files(language) if (lesson := _read(path)[0])}


def problems() -> list[str]:
    """A message for each file that is not a valid lesson."""
    return [problem for language in languages() for path in files(language) if (problem := _read(path)[1])]


def _read(path: Path) -> tuple[Lesson | None, str]:
    return _read_once(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=500)
def _read_once(path: Path, _changed: int) -> tuple[Lesson | None, str]:
    try:
        return read(path), ""
    except LessonError as error:
        return None, str(error)
