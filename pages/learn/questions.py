"""Asks a lesson's questions: input field, feedback, hint and solution; a correct answer is saved as progress."""

import re
from typing import Any

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
TRIES = 2
"""After this many wrong answers the solution is offered."""


def quiz(lesson: Lesson, ask: Ask, number: int) -> None:
    key = f"{lesson.id}-{ask.id}"
    verdict = _verdict(lesson, ask, key)
    done = " :green[✓]" if progress.has(lesson.id, ask.id) else ""
    with st.form(f"{key}-form", width=PIXELS):
        _ask(lesson, ask, key, verdict, f"**{say('question')} {number}**{done}", say("check"))
        if verdict is not None:
            _say_verdict(lesson, ask, key, verdict)
        if verdict is None or not verdict.right:
            _offer_solution(lesson, ask, key)
    if verdict is not None and verdict.right:
        progress.keep(key)


def predict(lesson: Lesson, ask: Ask) -> None:
    """A prediction. Not in a fragment, since it reveals what comes below it."""
    key = f"{lesson.id}-{ask.id}"
    verdict = _verdict(lesson, ask, key)
    with st.form(f"{key}-form", width=PIXELS):
        _ask(lesson, ask, key, verdict, f"**{say('predict')}**", say("commit"), skip=not predicted(lesson, ask.id))
        if verdict is not None:
            _say_guess(lesson, ask, key, verdict)


def predicted(lesson: Lesson, guess: str) -> bool:
    """Whether this prediction was made or skipped."""
    key = f"{lesson.id}-{guess}"
    return bool(st.session_state.get(f"{key}-skipped")) or st.session_state.get(f"{key}-given") is not None


def _ask(
    lesson: Lesson, ask: Ask, key: str, verdict: Verdict | None, heading: str, button: str, skip: bool = False
) -> None:
    """The hint is part of the text, and a style puts field and buttons in one row: fewer elements load faster."""
    question = _question(ask)
    st.markdown(
        f"{heading}\n\n{_filled(lesson, ask, question.question)}{_hint(lesson, ask, verdict)}", unsafe_allow_html=True
    )
    if isinstance(question, Choice | Several):
        _options(lesson, ask, key)
    else:
        label = f"{say('your_answer')} ({question.unit})" if question.unit else say("your_answer")
        st.text_input(label, key=f"{key}-field", width=FIELD_PIXELS)
    sent = st.form_submit_button(button, key=f"{key}-check", on_click=_submit, args=(lesson, ask, key))
    if sent and st.session_state[f"{key}-given"] is None:
        st.warning(say("choose" if isinstance(question, Choice | Several) else "write"))
    if skip:
        st.form_submit_button(say("skip"), key=f"{key}-skip", type="tertiary", on_click=_skip, args=(key,))


def _question(ask: Ask) -> Any:
    """The question, which core.lessons.lesson.Ask declares only as an object."""
    return ask.question


def _hint(lesson: Lesson, ask: Ask, verdict: Verdict | None) -> str:
    if not _question(ask).hint or hidden("hints") or (verdict is not None and verdict.right):
        return ""
    return f"\n\n<details><summary>{say('hint')}</summary>\n\n{_filled(lesson, ask, _question(ask).hint)}\n\n</details>"


def _options(lesson: Lesson, ask: Ask, key: str) -> None:
    indices = range(len(_question(ask).option))
    if isinstance(_question(ask), Several):
        for index in indices:
            st.checkbox(_option(lesson, ask, index), key=f"{key}-field-{index}")
        return
    st.radio(
        say("your_answer"),
        indices,
        index=None,
        format_func=lambda index: _option(lesson, ask, index),
        key=f"{key}-field",
        label_visibility="collapsed",
    )


def _submit(lesson: Lesson, ask: Ask, key: str) -> None:
    """Reads the answer: a text, the index of an option, or the indices of several; None if it is empty."""
    state = st.session_state
    if isinstance(_question(ask), Several):
        given = tuple(index for index in range(len(_question(ask).option)) if state[f"{key}-field-{index}"]) or None
    else:
        given = None if state[f"{key}-field"] == "" else state[f"{key}-field"]
    state[f"{key}-given"] = given
    state[f"{key}-tries"] = state.get(f"{key}-tries", 0) + (given is not None)
    if not ask.guess and given is not None and judge(_question(ask), given, lesson.names).right:
        progress.add(lesson.id, ask.id)


def _skip(key: str) -> None:
    st.session_state[f"{key}-skipped"] = True


def _option(lesson: Lesson, ask: Ask, index: int) -> str:
    """An option that is only a formula gets a letter, so that screen readers and speakers can name it."""
    text = _filled(lesson, ask, _question(ask).option[index].text)
    if FORMULA.fullmatch(text):
        return f"{LETTERS[index]}: {text}"
    return f"`{text}`" if _question(ask).kind == "code" else text


def _verdict(lesson: Lesson, ask: Ask, key: str) -> Verdict | None:
    given = st.session_state.get(f"{key}-given")
    return None if given is None else judge(_question(ask), given, lesson.names)


def _say_verdict(lesson: Lesson, ask: Ask, key: str, verdict: Verdict) -> None:
    why = _filled(lesson, ask, verdict.why)
    if verdict.right:
        st.success(f"**{say('right')}** {why}")
    elif verdict.unreadable:
        st.warning(f"{say('unreadable')} {why}.")
    else:
        st.error(f"**{say('wrong')}** {why}")
    _gives(lesson, ask, key)


def _say_guess(lesson: Lesson, ask: Ask, key: str, verdict: Verdict) -> None:
    why = _filled(lesson, ask, verdict.why)
    if verdict.unreadable:
        st.session_state[f"{key}-given"] = None
        st.warning(f"{say('unreadable')} {why}.")
    else:
        st.info(f"**{say('guessed' if verdict.right else 'guess_off')}** {why}")
        _gives(lesson, ask, key)


def _gives(lesson: Lesson, ask: Ask, key: str) -> None:
    """The result of the chosen line of code."""
    if isinstance(_question(ask), Choice):
        option = _question(ask).option[st.session_state[f"{key}-given"]]
        if option.gives:
            st.markdown(f"{say('gives')} ${shown(lesson.value(option.gives, ask.line), 'matrix')}$")


def _offer_solution(lesson: Lesson, ask: Ask, key: str) -> None:
    if st.session_state.get(f"{key}-tries", 0) >= TRIES and not hidden("solutions"):
        with st.expander(say("solution")):
            st.markdown(f"{say('solution_is')}: {_solution(lesson, ask)}")
            st.markdown(_filled(lesson, ask, _question(ask).why))


def _solution(lesson: Lesson, ask: Ask) -> str:
    right = solution(_question(ask), lesson.names)
    if isinstance(_question(ask), Choice | Several):
        return "; ".join(_filled(lesson, ask, f"`{text}`" if _question(ask).kind == "code" else text) for text in right)
    return f"**{shown(right, 'shape' if _question(ask).kind == 'shape' else '')}**"


def _filled(lesson: Lesson, ask: Ask, text: str) -> str:
    return rendered(lesson, text, ask.line)
