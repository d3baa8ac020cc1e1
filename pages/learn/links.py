"""Links between the pages of the lessons; language and a teacher's choices go along."""

import streamlit as st

from pages.learn.language import say


KEPT = ("lang", "hide")
TITLES_WRAP = "<style>[data-testid='stPageLink-NavLink'] * { white-space: normal !important; }</style>"
"""Streamlit cuts a link at the end of its line; a title must be read to its end on a telephone, too."""


def kept() -> dict[str, str]:
    return {name: st.query_params[name] for name in KEPT if name in st.query_params}


def lesson_link(id_: str, label: str) -> None:
    st.page_link("pages/learn/lesson.py", label=label, query_params={"lesson": id_, **kept()})


def contents_link() -> None:
    st.page_link("pages/learn/contents.py", label=f"← {say('contents')}", query_params=kept())
