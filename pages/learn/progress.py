"""What the reader has done: questions answered right, and the answers given, in this session and in the browser."""

import json
from typing import Any

import streamlit as st

from core.lessons.answers import LONGEST
from core.lessons.lesson import Lesson
from pages.learn.language import say
from pages.ui.component import component


FINISHED = "finished"
STORES = {"progress": "convscope-progress", "answers": "convscope-answers"}
Progress = dict[str, list[str]]
"""{"l06": ["q1", "q4", "finished"]}"""
Answer = dict[str, Any]
"""{"given": the text, the index of an option or a list of them, or None; "tries": wrong or right; "revealed": whether
what waits for this prediction is shown}"""

_KEPT = component(__file__, html=None)


def progress() -> Progress:
    return st.session_state.setdefault("progress", {})


def answers(lesson: str) -> dict[str, Answer]:
    """The answers given in a lesson, by question."""
    return st.session_state.setdefault("answers", {}).setdefault(lesson, {})


def answer(lesson: str, question: str) -> Answer:
    return answers(lesson).get(question) or {"given": None, "tries": 0, "revealed": False}


def add(lesson: str, done: str) -> None:
    if done not in progress().setdefault(lesson, []):
        progress()[lesson].append(done)


def has(lesson: str, done: str) -> bool:
    return done in progress().get(lesson, [])


def count(lesson: Lesson) -> str:
    """ "3 of 9 questions"."""
    right = sum(has(lesson.id, ask.id) for ask in lesson.questions)
    return say("progress", right=right, all=len(lesson.questions))


def keep(key: str, lesson: Lesson | None = None) -> None:
    """Merges what the browser has stored with this session's progress and the answers of this lesson.

    Shows nothing, but brings the count at the end of the lesson up to date: it is outside of a question's fragment.
    """
    given = {lesson.id: answers(lesson.id)} if lesson else {}
    forget = bool(st.session_state.pop("forget-progress", False))
    result = _KEPT(
        key=f"progress-{key}",
        data={
            "stores": STORES,
            "forget": forget,
            "progress": progress(),
            "answers": given,
            "counts": {lesson.id: count(lesson)} if lesson else {},
        },
        default={"kept": ""},
        on_kept_change=lambda: None,
        height=1,
    )
    if result.kept and not forget:
        kept = json.loads(result.kept)
        merge(json.dumps(kept["progress"]))
        for name, stored in kept["answers"].items():
            merge_answers(name, stored)


def merge(text: str) -> None:
    """Adds the progress in a JSON text. Raises ValueError if it is not a progress file."""
    kept = json.loads(text)
    if not isinstance(kept, dict) or not all(isinstance(done, list) for done in kept.values()):
        raise ValueError("not a progress file")
    for lesson, done in kept.items():
        for name in done:
            add(str(lesson)[:80], str(name)[:80])


def merge_answers(lesson: str, kept: Any) -> None:
    """Adds answers of the browser's storage that this session does not have, and lets the fields show them."""
    for question, one in kept.items() if isinstance(kept, dict) else ():
        if question not in answers(lesson) and valid(one):
            answers(lesson)[question] = one
            for field in [name for name in st.session_state if str(name).startswith(f"{lesson}-{question}-field")]:
                del st.session_state[field]


def valid(kept: Any) -> bool:
    if not isinstance(kept, dict) or set(kept) != {"given", "tries", "revealed"}:
        return False
    given = kept["given"]
    indices = given if isinstance(given, list) else [given]
    readable = given is None or (isinstance(given, str) and len(given) <= LONGEST)
    return isinstance(kept["tries"], int) and (readable or all(type(index) is int and index >= 0 for index in indices))


def forget() -> None:
    st.session_state["progress"], st.session_state["answers"], st.session_state["forget-progress"] = {}, {}, True
