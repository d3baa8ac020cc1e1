"""The questions of a lesson and the feedback on an answer; every right answer is an expression that core computes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field, TypeAdapter, model_validator

from core.lessons.answers import AnswerError, Reading, count_of, readings, understood, whole
from core.lessons.expressions import evaluate
from core.spec import Spec


SLACK = 0.006
"""Relative tolerance for an answer with decimals, when the question sets no tolerance: 0.67 is two thirds."""


class Wrong(Spec):
    """A wrong answer that people give for a reason, and that reason."""

    answer: str
    why: str


class Option(Spec):
    text: str
    right: bool = False
    why: str = ""
    gives: str = ""
    """An expression: what this line of code would have given. Its value is shown once the student has answered."""


class _QuestionBase(Spec):
    question: str
    id: str = Field(default="", pattern="^[a-z0-9-]*$")
    """The name under which progress is saved; by default q1, q2, ... in the order of the lesson."""
    hint: str = ""
    why: str = ""
    """Why the right answer is right, shown after it."""
    after: str = ""
    """The id of the prediction to make before this question is shown."""


class _Typed(_QuestionBase):
    answer: str
    """An expression."""
    tolerance: float | None = Field(default=None, ge=0)
    wrong: tuple[Wrong, ...] = ()
    unit: str = ""

    @property
    def in_percent(self) -> bool:
        """Whether 45 % may be typed as 45 or as 45 %."""
        return self.unit.startswith("%")


class Number(_Typed):
    """One number."""

    kind: Literal["number"] = "number"


class Numbers(_Typed):
    """Several numbers in a row: a row of a feature map, a list of steps."""

    kind: Literal["numbers"]


class Shape(_Typed):
    """Whole numbers: "15, 10, 32, 32" or "15x10x32x32"."""

    kind: Literal["shape"]


class Choice(_QuestionBase):
    """One right option; with kind "code" the options are lines of code.

    `check` is an expression that must be true: the claim behind the right option, which core verifies.
    """

    kind: Literal["choice", "code"]
    option: tuple[Option, ...] = Field(min_length=2)
    check: str = ""

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if sum(option.right for option in self.option) != 1:
            raise ValueError("exactly one option must have right = true; for more, set kind = 'several'")
        return self


class Several(_QuestionBase):
    """Any number of right options; the answer must contain all of them and no other."""

    kind: Literal["several"]
    option: tuple[Option, ...] = Field(min_length=2)
    check: str = ""

    @model_validator(mode="after")
    def _some_are_right(self) -> Self:
        if not any(option.right for option in self.option):
            raise ValueError("at least one option must have right = true")
        return self


Question = Annotated[Number | Numbers | Shape | Choice | Several, Field(discriminator="kind")]
_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and `why`: the reason, the misconception behind it, or "" when none is known.

    `unreadable` means that the answer could not be read; it does not count as an attempt.
    """

    right: bool
    why: str = ""
    unreadable: bool = False


def read_question(fields: dict[str, Any]) -> Question:
    """A question from its TOML fields; without a kind it asks for a number. Raises ValidationError."""
    return _QUESTION.validate_python({"kind": "number", **fields})


def judge(question: Question, given: Any, names: Mapping[str, object]) -> Verdict:
    """The verdict on an answer: `given` is the typed text, the index of an option, or the indices of several."""
    if isinstance(question, Choice):
        option = question.option[given]
        return Verdict(option.right, option.why or (question.why if option.right else ""))
    if isinstance(question, Several):
        return _judge_several(question, set(given))
    return _judge_typed(question, given, names)


def solution(question: Question, names: Mapping[str, object]) -> Any:
    """The right answer: a number, several numbers, a tuple, or the texts of the right options."""
    if isinstance(question, Choice | Several):
        return [option.text for option in question.option if option.right]
    return evaluate(question.answer, names)


def _judge_several(question: Several, given: set[int]) -> Verdict:
    right = {index for index, option in enumerate(question.option) if option.right}
    if given == right:
        return Verdict(True, question.why)
    reasons = [question.option[index].why for index in sorted(given ^ right)]
    return Verdict(False, next(filter(None, reasons), ""))


def _judge_typed(question: Number | Numbers | Shape, given: str, names: Mapping[str, object]) -> Verdict:
    try:
        every = readings(given)
    except AnswerError as error:
        return Verdict(False, str(error), unreadable=True)
    right = evaluate(question.answer, names)
    if _any_agrees(question, every, right):
        return Verdict(True, question.why)
    for wrong in question.wrong:
        if _any_agrees(question, every, evaluate(wrong.answer, names)):
            return Verdict(False, wrong.why)
    if isinstance(question, Shape):
        shape = max(every, key=lambda reading: len(reading.numbers))
        if not whole(shape.numbers):
            return Verdict(False, f"{understood(shape)}; a shape has only whole numbers", unreadable=True)
        return Verdict(False, _differently(given, shape))
    counted = [reading for reading in every if len(reading.numbers) == np.size(right)]
    if not counted:
        return Verdict(False, f"{understood(every[0])}; write {count_of(np.size(right))}", unreadable=True)
    return Verdict(False, _differently(given, counted[0]))


def _any_agrees(question: Number | Numbers | Shape, every: list[Reading], right: ArrayLike) -> bool:
    """Whether one reading agrees; the text may mean any of them."""
    values = [reading.shares for reading in every]
    if question.in_percent:
        values += [reading.numbers for reading in every]
    return any(agrees(one, np.ravel(right), question.tolerance) for one in values)


def _differently(given: str, reading: Reading) -> str:
    """What was read, unless that is plainly what was typed."""
    plain = [f"{number:.10g}" for number in reading.numbers]
    typed = re.split(r"[,;]?\s+", given.strip(" .,;()[]").replace("−", "-"))
    return "" if plain == typed else f"{understood(reading)}."


def agrees(answer: ArrayLike, right: ArrayLike, tolerance: float | None) -> bool:
    """Whether the shapes are equal and every number is within the tolerance.

    Without a tolerance, whole numbers must be exact and others within 0.6 %.
    """
    answer, right = np.asarray(answer, np.float64), np.asarray(right, np.float64)
    if answer.shape != right.shape:
        return False
    slack = np.where(right == np.rint(right), 1e-9, SLACK * np.abs(right)) if tolerance is None else tolerance + 1e-9
    return bool(np.all(np.abs(answer - right) <= slack))
