"""Small scripts of a page's own, which take no place on it."""

import json
from pathlib import Path

import streamlit as st

from pages.ui.component import BROWSER


_NO_PLACE = "<style>[data-testid=stElementContainer]:has(> [data-testid=stHtml] > script) { display: none; }</style>"


def script(path: Path, *given) -> None:
    """Calls the function that the .js file exports with these JSON values, when the element is new on the page or the
    values have changed."""
    function = path.read_text().replace("export default ", "", 1)
    values = json.dumps(given).replace("<", "\\u003c")
    st.html(f"{_NO_PLACE}<script>(\n{function})(...{values})</script>", unsafe_allow_javascript=True)


def address(name: str, value: str | None) -> None:
    """The page's address says ?name=value from now on, or without a value nothing of it. By st.query_params that would be
    one more step of Back."""
    script(BROWSER / "address.js", name, value)
