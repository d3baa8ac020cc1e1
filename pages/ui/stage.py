"""Pages with a stage: less room around the page, so that a moving picture may be wide. On a phone, an element whose key
begins with stage- goes from edge to edge."""

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


def wide() -> None:
    """Call it before anything else on the page."""
    st.html(STYLE)
