"""Links between the lesson pages; they keep the language and the controls hidden by a teacher."""

from pathlib import Path

import streamlit as st

from pages.learn.language import say


ARRIVING = Path(__file__).with_name("arriving.js")
KEPT = ("lang", "hide")
TITLES_WRAP = "<style>[data-testid='stPageLink-NavLink'] * { white-space: normal !important; }</style>"
"""Streamlit truncates a link to one line; a title must be readable in full, on a phone too."""


def kept() -> dict[str, str]:
    return {name: st.query_params[name] for name in KEPT if name in st.query_params}


def lesson_link(id_: str, label: str) -> None:
    st.page_link("pages/learn/lesson.py", label=label, query_params={"lesson": id_, **kept()})


def contents_link() -> None:
    st.page_link("pages/learn/contents.py", label=f"← {say('contents')}", query_params=kept())
