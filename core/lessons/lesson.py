"""A lesson: a Markdown file with a TOML header, read into prose, sections, widgets and questions with line numbers."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from markdown_it import MarkdownIt
from markdown_it.token import Token
from numpy.typing import ArrayLike
from pydantic import Field, ValidationError

from core.arrays import Array
from core.experiment.messages import explain
from core.lessons.expressions import ExpressionError, evaluate
from core.lessons.interpolation import fill
from core.lessons.quiz import Question, agrees, read_question
from core.lessons.vocabulary import vocabulary
from core.spec import Spec


FENCE = "+++"
HEADING = re.compile(r"(?P<title>.*?)\s*(?:\{#(?P<anchor>[a-z0-9-]+)\})?$")
BLOCK = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?:\s+(?P<argument>[a-z0-9-]+))?\}")
QUESTIONS = ("quiz", "predict")


class LessonError(ValueError):
    """A lesson that cannot be read or shown; the message names the lesson, the line and what to do."""

    def __init__(self, lesson: str, line: int, problem: str):
        super().__init__(f"lesson {lesson}, line {line}: {problem}")
        self.lesson, self.line, self.problem = lesson, line, problem


class Head(Spec):
    """The TOML header, between the two lines of +++."""

    id: str = Field(pattern="^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    minutes: int = Field(ge=1, le=120)
    goal: str = Field(min_length=1)
    concepts: tuple[str, ...] = ()
    """Ids from pages/learn/concepts.toml that this lesson introduces."""
    links: tuple[str, ...] = ()
    """Ids of concepts that another lesson introduces and this one builds on."""
    let: dict[str, object] = Field(default_factory=dict)
    """Names for expressions: lists of numbers, or an expression as a string."""
    expect: tuple[tuple[Any, ...], ...] = ()
    """[expression, value] or [expression, value, tolerance]: golden values that tests compare with core's."""


@dataclass(frozen=True)
class Prose:
    text: str
    line: int
    after: str = ""
    """The id of the prediction to make before this text is shown."""


@dataclass(frozen=True)
class Section:
    title: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Widget:
    name: str
    options: dict[str, Any]
    line: int
    key: str
    after: str = ""


@dataclass(frozen=True)
class Ask:
    """A question; `guess` is true for a prediction, made before something is shown."""

    question: Question
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
    """The file name, for error messages."""

    @property
    def id(self) -> str:
        return self.head.id

    @cached_property
    def names(self) -> Mapping[str, object]:
        """The vocabulary plus the names that [let] defines, from top to bottom. Raises LessonError."""
        known = dict(vocabulary())
        for name, value in self.head.let.items():
            known[name] = self._let(name, value, known)
        return known

    @property
    def sections(self) -> list[Section]:
        return [part for part in self.parts if isinstance(part, Section)]

    @property
    def questions(self) -> list[Ask]:
        """The questions that count as progress: all but the predictions."""
        return [part for part in self.parts if isinstance(part, Ask) and not part.guess]

    @property
    def predictions(self) -> list[Ask]:
        return [part for part in self.parts if isinstance(part, Ask) and part.guess]

    def value(self, expression: str, line: int) -> Any:
        """The value of an expression. Raises LessonError with this line."""
        try:
            return evaluate(expression, self.names)
        except ExpressionError as error:
            raise LessonError(self.source, line, str(error)) from None

    def filled(self, text: str, line: int) -> str:
        """The text with each {= expression :format} replaced by its value, computed once.

        Raises LessonError with this line.
        """
        if text not in self._filled:
            try:
                self._filled[text] = fill(text, lambda expression: self.value(expression, line))
            except (ValueError, TypeError) as error:
                raise error if isinstance(error, LessonError) else LessonError(self.source, line, str(error)) from None
        return self._filled[text]

    @cached_property
    def _filled(self) -> dict[str, str]:
        return {}

    def options(self, widget: Widget) -> dict[str, Any]:
        """A widget's options; a string that begins with = is an expression and becomes its value, computed once."""
        if widget.line not in self._options:
            self._options[widget.line] = _resolved(widget.options, lambda text: _plain(self.value(text, widget.line)))
        return self._options[widget.line]

    @cached_property
    def _options(self) -> dict[int, dict[str, Any]]:
        return {}

    def failed_expectations(self) -> list[str]:
        """One message for each golden value in `expect` that core does not reproduce."""
        return [message for row in self.head.expect if (message := self._failed_expectation(*row))]

    def _failed_expectation(self, expression: str, expected: Any, tolerance: float = 1e-9) -> str:
        result = self.value(expression, 1)
        if isinstance(expected, str | bool):
            same = result == expected
        else:
            same = agrees(_array(result), _array(expected), tolerance)
        return "" if same else f"{self.source}: {expression} is {_plain(result)}, but the lesson expects {expected}"

    def _let(self, name: str, value: object, known: Mapping[str, object]) -> object:
        if not name.isidentifier() or name.startswith("_") or name in vocabulary():
            raise LessonError(self.source, 1, f"[let] cannot define {name!r}: the name is taken or not a valid name")
        if not isinstance(value, str):
            return np.asarray(value) if isinstance(value, list) else value
        try:
            return evaluate(value, known)
        except ExpressionError as error:
            raise LessonError(self.source, 1, f"[let] {name}: {error}") from None


def read(path: Path) -> Lesson:
    """Read a lesson from a file. Raises LessonError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(path.name, 1, f"the file cannot be read as UTF-8 text ({error})") from None
    return parse(text, path.name)


def parse(text: str, source: str) -> Lesson:
    """A lesson from its text. Raises LessonError for a header or block that cannot be read.

    Whether a widget exists is checked by the pages, not here.
    """
    head, body, first = _split(text, source)
    parts = tuple(_Reader(source, first).parts(body))
    _check_anchors_and_ids(parts, source)
    return Lesson(head, parts, source)


def _split(text: str, source: str) -> tuple[Head, str, int]:
    """The header, the body, and the number of lines before the body."""
    lines = text.split("\n")
    ends = [index for index, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(ends) < 2 or ends[0] != 0:
        raise LessonError(
            source, 1, f"a lesson begins with a line {FENCE}, a header in TOML, and another line {FENCE}; add them"
        )
    fields = _toml("\n".join(lines[1 : ends[1]]), source, 1)
    try:
        return Head.model_validate(fields), "\n".join(lines[ends[1] + 1 :]), ends[1] + 1
    except ValidationError as error:
        raise LessonError(source, 1, f"in the header: {explain(error)}") from None


def _toml(text: str, source: str, before: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        line = before + (int(match[1]) if match else 1)
        raise LessonError(source, line, f"this is not TOML: {str(error).split(' (at')[0].lower()}") from None


@dataclass
class _Reader:
    """Walks the top level of the Markdown; everything but section headings and lesson blocks stays prose, unchanged."""

    source: str
    before: int
    """Lines of the file before the body."""
    question_count: int = 0
    prediction_count: int = 0
    widget_count: int = 0
    collected: list[Part] = field(default_factory=list)

    def parts(self, body: str) -> list[Part]:
        lines, done = body.split("\n"), 0
        for token in MarkdownIt("commonmark").parse(body):
            if token.level or token.map is None or not self._starts_part(token):
                continue
            start, end = token.map
            self._prose(lines, done, start)
            self._block(token, lines, start)
            done = end
        self._prose(lines, done, len(lines))
        return self.collected

    def _starts_part(self, token: Token) -> bool:
        return (token.type == "heading_open" and token.tag == "h2") or (
            token.type == "fence" and token.info.strip().startswith("{")
        )

    def _prose(self, lines: list[str], start: int, end: int) -> None:
        text = "\n".join(lines[start:end])
        if text.strip():
            first = next(index for index in range(start, end) if lines[index].strip())
            self.collected.append(Prose(text.strip("\n"), self.before + first + 1))

    def _block(self, token: Token, lines: list[str], start: int) -> None:
        line = self.before + start + 1
        if token.type == "heading_open":
            self.collected.append(_section(lines[start], line))
            return
        match = BLOCK.fullmatch(token.info.strip())
        if match is None:
            raise LessonError(
                self.source, line, f"{token.info.strip()!r} is not a block: write {{name}} in small letters"
            )
        name, argument = match["name"], match["argument"] or ""
        if name == "after":
            self.collected.append(Prose(token.content.strip("\n"), line + 1, argument))
            return
        fields = _toml(token.content, self.source, line)
        self.collected.append(
            self._question(name, fields, line) if name in QUESTIONS else self._widget(name, fields, line)
        )

    def _question(self, name: str, fields: dict[str, Any], line: int) -> Ask:
        try:
            question = read_question(fields)
        except ValidationError as error:
            raise LessonError(self.source, line, f"in this question: {explain(error)}") from None
        if guess := name == "predict":
            self.prediction_count += 1
        else:
            self.question_count += 1
        default_id = f"guess-{self.prediction_count}" if guess else f"q{self.question_count}"
        return Ask(question, line, question.id or default_id, guess, question.after)

    def _widget(self, name: str, fields: dict[str, Any], line: int) -> Widget:
        self.widget_count += 1
        return Widget(name, fields, line, f"w{self.widget_count}", str(fields.pop("after", "")))


def _section(heading: str, line: int) -> Section:
    match = HEADING.fullmatch(heading.lstrip("# ").rstrip())
    assert match is not None  # the pattern matches any line
    title = match["title"]
    return Section(title, match["anchor"] or re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"), line)


def _check_anchors_and_ids(parts: tuple[Part, ...], source: str) -> None:
    guesses = {part.id for part in parts if isinstance(part, Ask) and part.guess}
    seen: set[str] = set()
    for part in parts:
        name = part.anchor if isinstance(part, Section) else part.id if isinstance(part, Ask) else None
        if name is not None and name in seen:
            raise LessonError(source, part.line, f"{name!r} is used twice; give one of them another name")
        seen |= {name} if name else set()
        after = getattr(part, "after", "")
        if after and after not in guesses:
            raise LessonError(
                source,
                part.line,
                f"after = {after!r}, but there is no prediction {after!r}; this lesson has {sorted(guesses)}",
            )


def _resolved(value: Any, compute: Callable[[str], object]) -> Any:
    match value:
        case str() if value.startswith("="):
            return compute(value[1:])
        case dict():
            return {name: _resolved(inner, compute) for name, inner in value.items()}
        case list():
            return [_resolved(inner, compute) for inner in value]
    return value


def _plain(value: Any) -> Any:
    """NumPy numbers and arrays as Python numbers and lists."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _array(value: ArrayLike) -> Array:
    return np.asarray(value, np.float64)
