"""Asking a question of a lesson: the field, the verdict, the hint; a right answer is progress."""

import re

import streamlit as st

from core.inline import shown
from core.lessons import Ask, Lesson
from core.quiz import Choice, Several, Verdict, judge, solution
from pages.learn import progress
from pages.learn.hiding import hidden
from pages.learn.language import say
from pages.learn.prose import rendered


PIXELS = 760
FORMULA = re.compile(r"\$[^$]+\$")
LETTERS = "ABCDEFGH"
TRIES = 2
"""Wrong ones after which the answer is offered."""


def quiz(lesson: Lesson, ask: Ask, number: int) -> None:
    """In a fragment of its own: answering runs nothing else again."""
    st.fragment(_quiz)(lesson, ask, number)


def _quiz(lesson: Lesson, ask: Ask, number: int) -> None:
    key = f"{lesson.id}-{ask.id}"
    with st.container(border=True, key=f"quiz-{key}", width=PIXELS):
        done = " :green[✓]" if progress.has(lesson.id, ask.id) else ""
        st.markdown(f"**{say('question')} {number}**{done}")
        _ask(lesson, ask, key, say("check"))
        verdict = _verdict(lesson, ask, key)
        if verdict is not None:
            _say_verdict(lesson, ask, key, verdict)
        _help(lesson, ask, key, verdict)


def predict(lesson: Lesson, ask: Ask) -> None:
    """Runs the page again when the guess is made: what waited for it is shown then."""
    key = f"{lesson.id}-{ask.id}"
    with st.container(border=True, key=f"predict-{key}", width=PIXELS):
        st.markdown(f"**{say('predict')}**")
        _ask(lesson, ask, key, say("commit"))
        verdict = _verdict(lesson, ask, key)
        if verdict is None and not made(lesson, ask.id):
            if st.button(say("skip"), key=f"{key}-skip", type="tertiary"):
                st.session_state[f"{key}-skipped"] = True
                st.rerun()
        elif verdict is not None:
            _say_guess(lesson, ask, key, verdict)


def made(lesson: Lesson, guess: str) -> bool:
    """Whether this prediction was made, or passed over."""
    key = f"{lesson.id}-{guess}"
    return bool(st.session_state.get(f"{key}-skipped")) or st.session_state.get(f"{key}-given") is not None


def _ask(lesson: Lesson, ask: Ask, key: str, button: str) -> None:
    question = ask.question
    with st.form(f"{key}-form", border=False):
        st.markdown(_filled(lesson, ask, question.question))
        if isinstance(question, Choice | Several):
            given = _chosen(lesson, ask, key)
            sent = st.form_submit_button(button, key=f"{key}-check")
        else:
            label = f"{say('your_answer')} ({question.unit})" if question.unit else say("your_answer")
            field, beside = st.columns([3, 2], vertical_alignment="bottom")
            given = field.text_input(label, key=f"{key}-field") or None
            sent = beside.form_submit_button(button, key=f"{key}-check")
    if sent:
        _take(ask, key, given)


def _chosen(lesson: Lesson, ask: Ask, key: str):
    """The index of the option, or the indices of several; None for none."""
    places = range(len(ask.question.option))
    if isinstance(ask.question, Several):
        ticked = [st.checkbox(_option(lesson, ask, place), key=f"{key}-field-{place}") for place in places]
        return tuple(place for place, tick in enumerate(ticked) if tick) or None
    return st.radio(
        say("your_answer"),
        places,
        index=None,
        format_func=lambda place: _option(lesson, ask, place),
        key=f"{key}-field",
        label_visibility="collapsed",
    )


def _take(ask: Ask, key: str, given) -> None:
    st.session_state[f"{key}-given"] = given
    st.session_state[f"{key}-tries"] = st.session_state.get(f"{key}-tries", 0) + (given is not None)
    if given is None:
        st.warning(say("choose"))
    elif ask.guess:
        st.rerun()


def _option(lesson: Lesson, ask: Ask, place: int) -> str:
    """A bare formula gets a letter: a name that can be said."""
    text = _filled(lesson, ask, ask.question.option[place].text)
    if FORMULA.fullmatch(text):
        return f"{LETTERS[place]}: {text}"
    return f"`{text}`" if ask.question.kind == "code" else text


def _verdict(lesson: Lesson, ask: Ask, key: str) -> Verdict | None:
    given = st.session_state.get(f"{key}-given")
    return None if given is None else judge(ask.question, given, lesson.names)


def _say_verdict(lesson: Lesson, ask: Ask, key: str, verdict: Verdict) -> None:
    why = _filled(lesson, ask, verdict.why)
    if verdict.right:
        st.success(f"**{say('right')}** {why}")
        progress.add(lesson.id, ask.id)
        progress.keep(key)
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
    """What the chosen line of code would have given."""
    if isinstance(ask.question, Choice):
        option = ask.question.option[st.session_state[f"{key}-given"]]
        if option.gives:
            st.markdown(f"{say('gives')} ${shown(lesson.value(option.gives, ask.line), 'matrix')}$")


def _help(lesson: Lesson, ask: Ask, key: str, verdict: Verdict | None) -> None:
    if verdict is not None and verdict.right:
        return
    if ask.question.hint and not hidden("hints"):
        with st.expander(say("hint")):
            st.markdown(_filled(lesson, ask, ask.question.hint))
    if st.session_state.get(f"{key}-tries", 0) >= TRIES and not hidden("solutions"):
        with st.expander(say("solution")):
            st.markdown(f"{say('solution_is')}: {_solution(lesson, ask)}")
            st.markdown(_filled(lesson, ask, ask.question.why))


def _solution(lesson: Lesson, ask: Ask) -> str:
    right = solution(ask.question, lesson.names)
    if isinstance(ask.question, Choice | Several):
        return "; ".join(_filled(lesson, ask, f"`{text}`" if ask.question.kind == "code" else text) for text in right)
    return f"**{shown(right, 'shape' if ask.question.kind == 'shape' else '')}**"


def _filled(lesson: Lesson, ask: Ask, text: str) -> str:
    return rendered(lesson, text, ask.line)
