"""Runs small scripts on a page without leaving a gap in its layout."""

import json
from pathlib import Path

import streamlit as st

from pages.ui.component import BROWSER


_NO_SPACE = "<style>[data-testid=stElementContainer]:has(> [data-testid=stHtml] > script) { display: none; }</style>"


def script(path: Path, *given) -> None:
    """Calls the function that the .js file exports with these JSON values, whenever the element is new on the page or
    the values have changed."""
    function = path.read_text().replace("export default ", "", 1)
    values = json.dumps(given).replace("<", "\\u003c")
    st.html(f"{_NO_SPACE}<script>(\n{function})(...{values})</script>", unsafe_allow_javascript=True)


def address(name: str, value: str | None) -> None:
    """Sets ?name=value in the page's address, or removes it if `value` is None. Unlike st.query_params, this adds no
    entry to the browser's history."""
    script(BROWSER / "address.js", name, value)
