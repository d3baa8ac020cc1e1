"""Small scripts of a page's own, which take no place on it."""

import json

import streamlit as st


_NO_PLACE = "<style>[data-testid=stElementContainer]:has(> [data-testid=stHtml] > script) { display: none; }</style>"


def script(source: str) -> None:
    """Runs when the element is new on the page or its text has changed."""
    st.html(f"{_NO_PLACE}<script>{{{source}}}</script>", unsafe_allow_javascript=True)


def address(name: str, value: str | None) -> None:
    """The page's address says ?name=value from now on, or without a value nothing of it. By st.query_params that would be
    one more step of Back."""
    said = json.dumps([name, value]).replace("<", "\\u003c")
    script(
        f"const [name, value] = {said}, there = new URL(location);"
        "if (there.searchParams.get(name) !== value) {"
        "  if (value === null) there.searchParams.delete(name); else there.searchParams.set(name, value);"
        "  history.replaceState(history.state, '', there);"
        "}"
    )
