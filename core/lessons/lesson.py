"""A lesson: a Markdown file with a head in TOML, read into prose, sections, widgets and questions that know their lines."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from markdown_it import MarkdownIt
from pydantic import Field, ValidationError

from core.experiment.messages import explain
from core.lessons.expressions import ExpressionError, evaluate
from core.lessons.interpolation import fill
from core.lessons.quiz import agrees, read_question
from core.lessons.vocabulary import vocabulary
from core.spec import Spec


FENCE = "+++"
HEADING = re.compile(r"(?P<title>.*?)\s*(?:\{#(?P<anchor>[a-z0-9-]+)\})?$")
BLOCK = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?:\s+(?P<argument>[a-z0-9-]+))?\}")
QUESTIONS = ("quiz", "predict")


class LessonError(ValueError):
    """A lesson that cannot be read or shown: which one, which line, what to do."""

    def __init__(self, lesson: str, line: int, problem: str):
        super().__init__(f"lesson {lesson}, line {line}: {problem}")
        self.lesson, self.line, self.problem = lesson, line, problem


class Head(Spec):
    """What stands between the two lines of +++."""

    id: str = Field(pattern="^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    minutes: int = Field(ge=1, le=120)
    goal: str = Field(min_length=1)
    concepts: tuple[str, ...] = ()
    """Ids of pages/learn/concepts.toml that have their home here."""
    links: tuple[str, ...] = ()
    """Ids whose home is elsewhere, and which this lesson leans on."""
    let: dict[str, object] = Field(default_factory=dict)
    """Names for expressions: lists of numbers, or an expression as a string."""
    expect: tuple[tuple, ...] = ()
    """[expression, value] or [expression, value, tolerance]: golden values that tests compare with core's."""


@dataclass(frozen=True)
class Prose:
    text: str
    line: int
    after: str = ""
    """The id of a prediction that is made first."""


@dataclass(frozen=True)
class Section:
    title: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Widget:
    name: str
    options: dict
    line: int
    key: str
    after: str = ""


@dataclass(frozen=True)
class Ask:
    """A question; `guess` where it is a prediction, made before something is shown."""

    question: object
    line: int
    id: str
    guess: bool = False
    after: str = ""


Part = Prose | Section | Widget | Ask


@dataclass(frozen=True)
class Lesson:
    head: Head
    parts: tuple[Part, ...]
    source: str
    """The file, for messages."""

    @property
    def id(self) -> str:
        return self.head.id

    @cached_property
    def names(self) -> Mapping[str, object]:
        """The vocabulary, and what [let] adds to it from top to bottom. Raises LessonError."""
        known = dict(vocabulary())
        for name, value in self.head.let.items():
            known[name] = self._let(name, value, known)
        return known

    @property
    def sections(self) -> list[Section]:
        return [part for part in self.parts if isinstance(part, Section)]

    @property
    def questions(self) -> list[Ask]:
        """Without the predictions: what counts as progress."""
        return [part for part in self.parts if isinstance(part, Ask) and not part.guess]

    def value(self, expression: str, line: int):
        """Raises LessonError with the line."""
        try:
            return evaluate(expression, self.names)
        except ExpressionError as error:
            raise LessonError(self.source, line, str(error)) from None

    def filled(self, text: str, line: int) -> str:
        """The text with each {= expression :format} as its value, computed once. Raises LessonError with the line."""
        if text not in self._filled:
            try:
                self._filled[text] = fill(text, lambda expression: self.value(expression, line))
            except (ValueError, TypeError) as error:
                raise error if isinstance(error, LessonError) else LessonError(self.source, line, str(error)) from None
        return self._filled[text]

    @cached_property
    def _filled(self) -> dict[str, str]:
        return {}

    def options(self, widget: Widget) -> dict:
        """A widget's options; each string that begins with = is an expression and becomes its value, computed once."""
        if widget.line not in self._options:
            self._options[widget.line] = _resolved(widget.options, lambda text: _plain(self.value(text, widget.line)))
        return self._options[widget.line]

    @cached_property
    def _options(self) -> dict[int, dict]:
        return {}

    def disappointments(self) -> list[str]:
        """Sentences for the golden values that core does not give."""
        return [sentence for row in self.head.expect if (sentence := self._disappointment(*row))]

    def _disappointment(self, expression: str, wanted, tolerance: float = 1e-9) -> str:
        result = self.value(expression, 1)
        same = result == wanted if isinstance(wanted, str | bool) else agrees(_array(result), _array(wanted), tolerance)
        return "" if same else f"{self.source}: {expression} is {_plain(result)}, but the lesson expects {wanted}"

    def _let(self, name: str, value, known: Mapping[str, object]):
        if not name.isidentifier() or name.startswith("_") or name in vocabulary():
            raise LessonError(self.source, 1, f"[let] cannot define {name!r}: it is taken, or no name")
        if not isinstance(value, str):
            return np.asarray(value) if isinstance(value, list) else value
        try:
            return evaluate(value, known)
        except ExpressionError as error:
            raise LessonError(self.source, 1, f"[let] {name}: {error}") from None


def read(path: Path) -> Lesson:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(path.name, 1, f"the file cannot be read as UTF-8 text ({error})") from None
    return parse(text, path.name)


def parse(text: str, source: str) -> Lesson:
    """Raises LessonError for a head or block that cannot be read; names of widgets are looked up by the pages."""
    head, body, first = _split(text, source)
    parts = tuple(_Reader(source, first).parts(body))
    _check_anchors_and_ids(parts, source)
    return Lesson(head, parts, source)


def _split(text: str, source: str) -> tuple[Head, str, int]:
    """The head, the rest, and the number of lines before the rest."""
    lines = text.split("\n")
    ends = [index for index, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(ends) < 2 or ends[0] != 0:
        raise LessonError(source, 1, f"a lesson begins with a line {FENCE}, its head in TOML, and another line {FENCE}")
    fields = _toml("\n".join(lines[1 : ends[1]]), source, 1)
    try:
        return Head.model_validate(fields), "\n".join(lines[ends[1] + 1 :]), ends[1] + 1
    except ValidationError as error:
        raise LessonError(source, 1, f"in the head: {explain(error)}") from None


def _toml(text: str, source: str, before: int) -> dict:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        line = before + (int(match[1]) if match else 1)
        raise LessonError(source, line, f"this is not TOML: {str(error).split(' (at')[0].lower()}") from None


@dataclass
class _Reader:
    """Walks the top level of the Markdown; what is no heading and no block of ours stays prose, as it was written."""

    source: str
    before: int
    asked: int = 0
    guessed: int = 0
    shown: int = 0
    collected: list[Part] = field(default_factory=list)

    def parts(self, body: str) -> list[Part]:
        lines, at = body.split("\n"), 0
        for token in MarkdownIt("commonmark").parse(body):
            if token.level or token.map is None or not self._ours(token):
                continue
            start, end = token.map
            self._prose(lines, at, start)
            self._block(token, lines, start)
            at = end
        self._prose(lines, at, len(lines))
        return self.collected

    def _ours(self, token) -> bool:
        return (token.type == "heading_open" and token.tag == "h2") or (
            token.type == "fence" and token.info.strip().startswith("{")
        )

    def _prose(self, lines: list[str], start: int, end: int) -> None:
        text = "\n".join(lines[start:end])
        if text.strip():
            blank = next(index for index in range(start, end) if lines[index].strip())
            self.collected.append(Prose(text.strip("\n"), self.before + blank + 1))

    def _block(self, token, lines: list[str], start: int) -> None:
        line = self.before + start + 1
        if token.type == "heading_open":
            self.collected.append(_section(lines[start], line))
            return
        match = BLOCK.fullmatch(token.info.strip())
        if match is None:
            raise LessonError(self.source, line, f"{token.info.strip()!r} is no block: write {{name}} in small letters")
        name, argument = match["name"], match["argument"] or ""
        if name == "after":
            self.collected.append(Prose(token.content.strip("\n"), line + 1, argument))
            return
        fields = _toml(token.content, self.source, line)
        self.collected.append(
            self._question(name, fields, line) if name in QUESTIONS else self._widget(name, fields, line)
        )

    def _question(self, name: str, fields: dict, line: int) -> Ask:
        try:
            question = read_question(fields)
        except ValidationError as error:
            raise LessonError(self.source, line, f"in this question: {explain(error)}") from None
        if guess := name == "predict":
            self.guessed += 1
        else:
            self.asked += 1
        own = f"guess-{self.guessed}" if guess else f"q{self.asked}"
        return Ask(question, line, question.id or own, guess, question.after)

    def _widget(self, name: str, fields: dict, line: int) -> Widget:
        self.shown += 1
        return Widget(name, fields, line, f"w{self.shown}", str(fields.pop("after", "")))


def _section(heading: str, line: int) -> Section:
    match = HEADING.fullmatch(heading.lstrip("# ").rstrip())
    assert match is not None  # the pattern takes any line
    title = match["title"]
    return Section(title, match["anchor"] or re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"), line)


def _check_anchors_and_ids(parts: tuple[Part, ...], source: str) -> None:
    guesses = {part.id for part in parts if isinstance(part, Ask) and part.guess}
    seen: set[str] = set()
    for part in parts:
        name = part.anchor if isinstance(part, Section) else part.id if isinstance(part, Ask) else None
        if name is not None and name in seen:
            raise LessonError(source, part.line, f"{name!r} is there twice; give one of them another name")
        seen |= {name} if name else set()
        after = getattr(part, "after", "")
        if after and after not in guesses:
            raise LessonError(
                source,
                part.line,
                f"there is no prediction {after!r} to come after; predictions here: {sorted(guesses)}",
            )


def _resolved(value, compute):
    match value:
        case str() if value.startswith("="):
            return compute(value[1:])
        case dict():
            return {name: _resolved(inner, compute) for name, inner in value.items()}
        case list():
            return [_resolved(inner, compute) for inner in value]
    return value


def _plain(value):
    """NumPy's numbers and arrays as Python's."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _array(value):
    return np.asarray(value, np.float64)
