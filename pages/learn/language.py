"""The language of the lessons: chosen by ?lang= or the menu, kept for the session; and the page's own few texts in it."""

import streamlit as st

from pages.learn.library import languages
from pages.ui.translations import language, words


NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português"}


def say(key: str, **values) -> str:
    """The text with this key in the reader's language, or in English."""
    text = words(__file__)[key]
    return text.format(**values) if values else text


def follow_the_address() -> None:
    """A page's first step: ?lang= becomes the language, where there is such a one."""
    asked = st.query_params.get("lang")
    if asked is not None and asked != language() and asked in languages():
        st.session_state["language"] = asked


def language_menu() -> None:
    """Nothing where there is only one."""
    there = languages()
    if len(there) < 2:
        return
    now = language()
    chosen = st.selectbox(
        say("language"), there, index=there.index(now), format_func=lambda code: NAMES.get(code, code), key="lang-menu"
    )
    if chosen != now:
        st.session_state["language"] = st.query_params["lang"] = chosen
        st.rerun()
