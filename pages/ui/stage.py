"""Pages with a stage: less room around the page, so that a moving picture may be wide."""

import streamlit as st


STYLE = """<style>
  [data-testid=stMainBlockContainer] { max-width: 1296px; padding: 2.5rem 2rem 4rem; }
  @media (width < 720px) {
    [data-testid=stMainBlockContainer] { padding-inline: 1rem; }
    [data-testid=stElementContainer]:has(> [data-testid=stBidiComponentRegular]) { margin-inline: -1rem; width: auto; }
  }
</style>"""


def wide() -> None:
    """Call it before anything else on the page."""
    st.html(STYLE)
