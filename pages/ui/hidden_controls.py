"""What a teacher's link leaves out: ?hide=hints,flip names controls; a page or widget asks before it shows one."""

import streamlit as st


EVERYWHERE = ("hints", "solutions", "quiz", "sections", "links", "language")
"""Names that mean something on every lesson; widgets add the names of their own controls."""


def hidden(name: str) -> bool:
    return name in st.query_params.get("hide", "").split(",")


def seen() -> bool:
    """Whether the reader came by such a link: then the making of one is hidden, too."""
    return bool(st.query_params.get("hide"))
