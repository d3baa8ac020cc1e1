"""The room around a page: little above every page, and little beside a page with a stage; on a phone, an element whose
key begins with stage- goes from edge to edge."""

import streamlit as st


STYLE = """<style>
  [data-testid=stMainBlockContainer] { max-width: 1296px; padding: 2.5rem 2rem 4rem; }
  @media (width < 720px) {
    [data-testid=stMainBlockContainer] { padding-inline: 1rem; }
    [class*=st-key-stage-]:has(> .stBidiComponent) {
      width: calc(100% + 2rem); max-width: none; margin-inline: -1rem;
    }
  }
</style>"""


# Streamlit's own header is 3.75rem high and opaque.
TOP = "<style>[data-testid=stMainBlockContainer] { padding-top: 4rem; }</style>"


def high() -> None:
    """Call it before anything else in the app."""
    st.html(TOP)


def wide() -> None:
    """Call it before anything else on the page."""
    st.html(STYLE)
