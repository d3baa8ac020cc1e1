"""Small tables of words and numbers, scrolling sideways where the screen is narrow."""

import streamlit as st


def table(header: list[str], rows: list[list[str]], alt: str) -> None:
    """Cells are Markdown. Two columns never have the same header."""
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    st.table(dict(zip(header, columns, strict=True)), border="horizontal", hide_index=True, alt=alt, width="content")
