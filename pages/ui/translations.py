"""The words of a widget or a part in the reader's language."""

import streamlit as st


def words(table: dict[str, dict[str, str]]) -> dict[str, str]:
    """A widget's WORDS in the reader's language, English where a text lacks."""
    return table["en"] | table.get(st.session_state.get("language", "en"), {})
