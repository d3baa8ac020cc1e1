"""Asks a lesson's questions: input field, feedback, hint and solution; a correct answer is saved as progress."""

import re
from typing import Any

import numpy as np
import streamlit as st

from core.lessons.interpolation import shown
from core.lessons.lesson import Ask, Lesson
from core.lessons.quiz import Choice, Several, Verdict, judge, solution
from pages.learn import progress
from pages.learn.language import say
from pages.learn.prose import rendered
from pages.ui.hidden_controls import hidden


PIXELS = 760
FIELD_PIXELS = 340
FORMULA = re.compile(r"\$[^$]+\$")
LETTERS = "ABCDEFGH"
DECIMALS = 12
"""Of a solution: what is smaller is the rounding of a sum that is zero."""
TRIES = 2
"""After this many wrong answers the solution is offered."""


def quiz(lesson: Lesson, ask: Ask, number: int) -> None:
    key = f"{lesson.id}-{ask.id}"
    verdict = _verdict(lesson, ask)
    with st.form(f"{key}-form", width=PIXELS):
        _ask(lesson, ask, key, verdict, number)
        if verdict is not None:
            _say_verdict(lesson, ask, verdict)
        if verdict is None or not verdict.right:
            _offer_solution(lesson, ask)
    if verdict is not None:
        progress.keep(key, lesson)


def predict(lesson: Lesson, ask: Ask, number: int) -> None:
    """A prediction. Not in a fragment, since it reveals what comes below it."""
    key = f"{lesson.id}-{ask.id}"
    verdict = _verdict(lesson, ask)
    with st.form(f"{key}-form", width=PIXELS):
        _ask(lesson, ask, key, verdict, number)
        if verdict is not None or predicted(lesson, ask.id):
            _say_guess(lesson, ask, verdict)


def predicted(lesson: Lesson, guess: str) -> bool:
    """Whether this prediction was made or skipped."""
    return progress.answer(lesson.id, guess)["revealed"]


def _ask(lesson: Lesson, ask: Ask, key: str, verdict: Verdict | None, number: int) -> None:
    """The hint is part of the text, and a style puts field and buttons in one row: fewer elements load faster."""
    question = _question(ask)
    heading = f"{say('predict' if ask.guess else 'question')} {number}"
    done = " :green[✓]" if progress.has(lesson.id, ask.id) else ""
    st.markdown(
        f"### {heading}{done}\n\n{_filled(lesson, ask, question.question)}{_hint(lesson, ask, verdict)}",
        unsafe_allow_html=True,
    )
    _show_given(lesson, ask, key)
    label = say("guess_for" if ask.guess else "answer_to", number=number)
    if isinstance(question, Choice | Several):
        _options(lesson, ask, key, label)
    else:
        label = f"{label} ({question.unit})" if question.unit else label
        st.text_input(label, key=f"{key}-field", width=FIELD_PIXELS)
    button = say("commit" if ask.guess else "check")
    sent = st.form_submit_button(button, key=f"{key}-check", on_click=_submit, args=(lesson, ask, key))
    if sent and _given(lesson, ask) is None:
        st.warning(say("choose" if isinstance(question, Choice | Several) else "write"))
    if ask.guess and not predicted(lesson, ask.id):
        st.form_submit_button(say("skip"), key=f"{key}-skip", type="tertiary", on_click=_skip, args=(lesson, ask))


def _question(ask: Ask) -> Any:
    """The question, which core.lessons.lesson.Ask declares only as an object."""
    return ask.question


def _hint(lesson: Lesson, ask: Ask, verdict: Verdict | None) -> str:
    if not _question(ask).hint or hidden("hints") or (verdict is not None and verdict.right):
        return ""
    return f"\n\n<details><summary>{say('hint')}</summary>\n\n{_filled(lesson, ask, _question(ask).hint)}\n\n</details>"


def _given(lesson: Lesson, ask: Ask) -> Any:
    """The text, the index of an option, or a list of them; None without an answer, or with one of an older lesson."""
    given, question = progress.answer(lesson.id, ask.id)["given"], _question(ask)
    if not isinstance(question, Choice | Several):
        return given if isinstance(given, str) else None
    indices = given if isinstance(given, list) else [given]
    known = all(type(index) is int and 0 <= index < len(question.option) for index in indices)
    return given if known and isinstance(given, list) == isinstance(question, Several) else None


def _show_given(lesson: Lesson, ask: Ask, key: str) -> None:
    """Fills the fields with the answer given before, where they are new on the page."""
    given = _given(lesson, ask)
    if given is None:
        return
    for name, value in (
        {f"{key}-field-{index}": index in given for index in range(len(_question(ask).option))}
        if isinstance(given, list)
        else {f"{key}-field": given}
    ).items():
        if name not in st.session_state:
            st.session_state[name] = value


def _options(lesson: Lesson, ask: Ask, key: str, label: str) -> None:
    indices = range(len(_question(ask).option))
    if isinstance(_question(ask), Several):
        for index in indices:
            st.checkbox(_option(lesson, ask, index), key=f"{key}-field-{index}")
        return
    st.radio(
        label,
        indices,
        index=None,
        format_func=lambda index: _option(lesson, ask, index),
        key=f"{key}-field",
        label_visibility="collapsed",
    )


def _submit(lesson: Lesson, ask: Ask, key: str) -> None:
    """Keeps the answer: a text, the index of an option, or a list of them; None if it is empty."""
    state, before = st.session_state, progress.answer(lesson.id, ask.id)
    if isinstance(_question(ask), Several):
        given = [index for index in range(len(_question(ask).option)) if state[f"{key}-field-{index}"]] or None
    else:
        given = None if state[f"{key}-field"] == "" else state[f"{key}-field"]
    verdict = None if given is None else judge(_question(ask), given, lesson.names)
    readable = verdict is not None and not verdict.unreadable
    progress.answers(lesson.id)[ask.id] = {
        "given": given,
        "tries": before["tries"] + readable,
        "revealed": before["revealed"] or readable,
    }
    if verdict is not None and verdict.right and not ask.guess:
        progress.add(lesson.id, ask.id)


def _skip(lesson: Lesson, ask: Ask) -> None:
    progress.answers(lesson.id)[ask.id] = progress.answer(lesson.id, ask.id) | {"revealed": True}


def _option(lesson: Lesson, ask: Ask, index: int) -> str:
    """Where an option is only a formula, all get letters, so that screen readers and speakers can name them."""
    texts = [_filled(lesson, ask, option.text) for option in _question(ask).option]
    text = texts[index]
    if any(FORMULA.fullmatch(one) for one in texts):
        return f"{LETTERS[index]}: {text}"
    return f"`{text}`" if _question(ask).kind == "code" else text


def _verdict(lesson: Lesson, ask: Ask) -> Verdict | None:
    given = _given(lesson, ask)
    return None if given is None else judge(_question(ask), given, lesson.names)


def _say_verdict(lesson: Lesson, ask: Ask, verdict: Verdict) -> None:
    why = _filled(lesson, ask, verdict.why)
    if verdict.right:
        st.success(f"**{say('right')}** {why}")
    elif verdict.unreadable:
        st.warning(f"{say('unreadable')} {why}.")
    else:
        st.error(f"**{say('wrong')}** {why}")
    _gives(lesson, ask)


def _say_guess(lesson: Lesson, ask: Ask, verdict: Verdict | None) -> None:
    """After a guess, right or off, and after none, the answer and its reason are shown."""
    if verdict is not None and verdict.unreadable:
        st.warning(f"{say('unreadable')} {_filled(lesson, ask, verdict.why)}.")
        if not predicted(lesson, ask.id):
            return
        verdict = None
    answer = f"**{say('solution_is')}:** {_solution(lesson, ask)}"
    reason = _filled(lesson, ask, right_reason(_question(ask)))
    if verdict is None:
        st.info(f"{answer}\n\n{reason}")
    elif verdict.right:
        st.info(f"**{say('guessed')}** {answer}\n\n{reason}")
    else:
        st.info(f"**{say('guess_off')}** {_filled(lesson, ask, verdict.why)}\n\n{answer}\n\n{reason}")
    _gives(lesson, ask)


def right_reason(question: Any) -> str:
    """Why the right answer is right; of a choice, that may be the reason of its right option."""
    return next((option.why for option in getattr(question, "option", ()) if option.right and option.why), question.why)


def _gives(lesson: Lesson, ask: Ask) -> None:
    """The result of the chosen line of code."""
    if isinstance(_question(ask), Choice) and (given := _given(lesson, ask)) is not None:
        option = _question(ask).option[given]
        if option.gives:
            st.markdown(f"{say('gives')} ${shown(lesson.value(option.gives, ask.line), 'matrix')}$")


def _offer_solution(lesson: Lesson, ask: Ask) -> None:
    if progress.answer(lesson.id, ask.id)["tries"] >= TRIES and not hidden("solutions"):
        with st.expander(say("solution")):
            st.markdown(f"{say('solution_is')}: {_solution(lesson, ask)}")
            st.markdown(_filled(lesson, ask, right_reason(_question(ask))))


def _solution(lesson: Lesson, ask: Ask) -> str:
    right = solution(_question(ask), lesson.names)
    if isinstance(_question(ask), Choice | Several):
        return "; ".join(_filled(lesson, ask, f"`{text}`" if _question(ask).kind == "code" else text) for text in right)
    if _question(ask).kind == "shape":
        return f"**{shown(right, 'shape')}**"
    return f"**{shown(np.round(right, DECIMALS))}**" + (f" {_question(ask).unit}" if _question(ask).unit else "")


def _filled(lesson: Lesson, ask: Ask, text: str) -> str:
    return rendered(lesson, text, ask.line)
