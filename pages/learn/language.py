"""The language of the lessons: chosen by ?lang= or the menu, kept for the session; and the page's own few texts in it."""

import tomllib
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.learn.library import FIRST_LANGUAGE, languages


TEXTS = Path(__file__).parent / "texts"
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português"}


@lru_cache(maxsize=20)
def texts(language: str) -> dict[str, str]:
    """Without what is not translated; empty for a language without a table."""
    path = TEXTS / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def say(key: str, **values) -> str:
    """The text with this key in the reader's language, or in English."""
    words = texts(language()).get(key) or texts(FIRST_LANGUAGE)[key]
    return words.format(**values) if values else words


def language() -> str:
    return st.session_state.get("language", FIRST_LANGUAGE)


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
