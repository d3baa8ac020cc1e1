"""The language of the lessons, chosen by ?lang= or the menu and kept for the session, and the pages' own texts."""

import streamlit as st

from pages.learn.library import languages
from pages.ui.translations import language, words


NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português"}


def say(key: str, **values) -> str:
    """The text for this key in the reader's language, or in English."""
    text = words(__file__)[key]
    return text.format(**values) if values else text


def follow_the_address() -> None:
    """Switches to the language in ?lang= if lessons exist in it. A page calls this first."""
    code = st.query_params.get("lang")
    if code is not None and code != language() and code in languages():
        st.session_state["language"] = code


def language_menu() -> None:
    """A menu of languages; hidden if there is only one."""
    available = languages()
    if len(available) < 2:
        return
    now = language()
    chosen = st.selectbox(
        say("language"),
        available,
        index=available.index(now),
        format_func=lambda code: NAMES.get(code, code),
        key="lang-menu",
    )
    if chosen != now:
        st.session_state["language"] = st.query_params["lang"] = chosen
        st.rerun()
