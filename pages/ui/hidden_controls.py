"""Controls that a teacher's link hides, as in ?hide=hints,flip. Pages and widgets check this before showing one."""

import streamlit as st


EVERYWHERE = ("hints", "solutions", "quiz", "sections", "links", "language")
"""Names that apply to every lesson; widgets add the names of their own controls."""


def hidden(name: str) -> bool:
    return name in st.query_params.get("hide", "").split(",")


def seen() -> bool:
    """Whether the page was opened with such a link: if so, the tool that makes them is hidden as well."""
    return bool(st.query_params.get("hide"))
