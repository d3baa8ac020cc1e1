"""Questions of a lesson and what is said to an answer; every right answer is an expression that core computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from core.lessons.answers import AnswerError, read_number, read_numbers, read_shape
from core.lessons.expressions import evaluate
from core.spec import Spec


SLACK = 0.005
"""Of a right answer with decimals, if a question does not say how close is close enough."""


class Wrong(Spec):
    """A wrong answer that people give for a reason, and the reason."""

    answer: str
    why: str


class Option(Spec):
    text: str
    right: bool = False
    why: str = ""
    gives: str = ""
    """An expression; its value is shown once the student has answered: what this line of code would have given."""


class _Asked(Spec):
    question: str
    id: str = Field(default="", pattern="^[a-z0-9-]*$")
    """Under which progress is kept; without it q1, q2, ... in the order of the lesson."""
    hint: str = ""
    why: str = ""
    """The reason of the right answer, shown after it."""
    after: str = ""
    """The id of a prediction that comes first."""


class _Typed(_Asked):
    answer: str
    """An expression."""
    tolerance: float | None = Field(default=None, ge=0)
    wrong: tuple[Wrong, ...] = ()
    unit: str = ""


class Number(_Typed):
    """One number."""

    kind: Literal["number"] = "number"


class Numbers(_Typed):
    """Several numbers in a row: a row of a map, a list of steps."""

    kind: Literal["numbers"]


class Shape(_Typed):
    """Whole numbers: "15, 10, 32, 32" or "15x10x32x32"."""

    kind: Literal["shape"]


class Choice(_Asked):
    """One of the options; with kind "code" they are lines of code. `check` is an expression that must be true: the
    claim behind the right option, put to core."""

    kind: Literal["choice", "code"]
    option: tuple[Option, ...] = Field(min_length=2)
    check: str = ""

    @model_validator(mode="after")
    def _one_is_right(self):
        if sum(option.right for option in self.option) != 1:
            raise ValueError("exactly one option must have right = true; for more, kind = 'several'")
        return self


class Several(_Asked):
    """All options that are right, and none else."""

    kind: Literal["several"]
    option: tuple[Option, ...] = Field(min_length=2)
    check: str = ""

    @model_validator(mode="after")
    def _some_are_right(self):
        if not any(option.right for option in self.option):
            raise ValueError("at least one option must have right = true")
        return self


Question = Annotated[Number | Numbers | Shape | Choice | Several, Field(discriminator="kind")]
_QUESTION: TypeAdapter = TypeAdapter(Question)


@dataclass(frozen=True)
class Verdict:
    """`right`, and the sentence for it: the reason, the named misconception, or nothing where none is known. `unreadable` says
    that the answer could not be read; that is no try."""

    right: bool
    why: str = ""
    unreadable: bool = False


def read_question(fields: dict):
    """Raises ValidationError; a question without a kind asks for a number."""
    return _QUESTION.validate_python({"kind": "number", **fields})


def judge(question, given, names: Mapping[str, object]) -> Verdict:
    """`given` is what was typed, the index of the option, or the indices of several."""
    if isinstance(question, Choice):
        option = question.option[given]
        return Verdict(option.right, option.why or (question.why if option.right else ""))
    if isinstance(question, Several):
        return _judge_several(question, set(given))
    return _judge_typed(question, given, names)


def solution(question, names: Mapping[str, object]):
    """The right answer: a number, numbers, a tuple, or the texts of the right options."""
    if isinstance(question, Choice | Several):
        return [option.text for option in question.option if option.right]
    return evaluate(question.answer, names)


def _judge_several(question: Several, given: set[int]) -> Verdict:
    right = {index for index, option in enumerate(question.option) if option.right}
    if given == right:
        return Verdict(True, question.why)
    off = [question.option[position].why for position in sorted(given ^ right)]
    return Verdict(False, next(filter(None, off), ""))


def _judge_typed(question, given: str, names: Mapping[str, object]) -> Verdict:
    read = {"number": read_number, "numbers": read_numbers, "shape": read_shape}[question.kind]
    try:
        answer = np.asarray(read(given), np.float64)
    except AnswerError as error:
        return Verdict(False, str(error), unreadable=True)
    if agrees(answer, evaluate(question.answer, names), question.tolerance):
        return Verdict(True, question.why)
    for wrong in question.wrong:
        if agrees(answer, evaluate(wrong.answer, names), question.tolerance):
            return Verdict(False, wrong.why)
    return Verdict(False)


def agrees(answer, right, tolerance: float | None) -> bool:
    """Same shape, and each number within the tolerance; without one, whole numbers exactly and others within 0.5 %."""
    answer, right = np.asarray(answer, np.float64), np.asarray(right, np.float64)
    if answer.shape != right.shape:
        return False
    slack = np.where(right == np.rint(right), 1e-9, SLACK * np.abs(right)) if tolerance is None else tolerance + 1e-9
    return bool(np.all(np.abs(answer - right) <= slack))
