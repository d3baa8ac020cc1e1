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


EVERYWHERE = """<style>
  [data-testid=stMainBlockContainer] { padding-top: 4rem; } /* Streamlit's own header is 3.75rem high and opaque. */
  [data-testid=stMain] [data-testid=stPageLink-NavLink] { padding-inline: 0; }
  [data-testid=stMain] [data-testid=stPageLink-NavLink] p { text-decoration: underline; text-underline-offset: 3px; }
</style>"""


def frame() -> None:
    """Call it before anything else in the app."""
    st.html(EVERYWHERE)


def wide() -> None:
    """Call it before anything else on the page."""
    st.html(STYLE)
