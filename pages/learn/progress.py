"""The reader's progress, as ids per lesson: in this session, and in the browser's storage through a small component."""

import json

import streamlit as st

from pages.ui.component import component


FINISHED = "finished"
STORE = "convscope-progress"
Progress = dict[str, list[str]]
"""{"l06": ["q1", "q4", "finished"]}"""

_KEPT = component(__file__, html=None)


def progress() -> Progress:
    return st.session_state.setdefault("progress", {})


def add(lesson: str, done: str) -> None:
    if done not in progress().setdefault(lesson, []):
        progress()[lesson].append(done)


def has(lesson: str, done: str) -> bool:
    return done in progress().get(lesson, [])


def keep(key: str) -> None:
    """Merges the progress stored in the browser with this session's; shows nothing."""
    result = _KEPT(
        key=f"progress-{key}",
        data={"store": STORE, "progress": progress(), "forget": bool(st.session_state.pop("forget-progress", False))},
        default={"progress": ""},
        on_progress_change=lambda: None,
        height=1,
    )
    if result.progress:
        merge(result.progress)


def merge(text: str) -> None:
    """Adds the progress in a JSON text. Raises ValueError if it is not a progress file."""
    kept = json.loads(text)
    if not isinstance(kept, dict) or not all(isinstance(done, list) for done in kept.values()):
        raise ValueError("not a progress file")
    for lesson, done in kept.items():
        for name in done:
            add(str(lesson)[:80], str(name)[:80])


def forget() -> None:
    st.session_state["progress"], st.session_state["forget-progress"] = {}, True
