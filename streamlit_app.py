"""The Streamlit entry point: page configuration and navigation only."""

from pathlib import Path

import streamlit as st

from pages.ui.stage import frame


SIDEBAR_PIXELS = 220
ICON = str(Path(__file__).parent / "pages" / "ui" / "icon.svg")

st.set_page_config(page_title="ConvScope", page_icon=ICON, layout="wide", initial_sidebar_state=SIDEBAR_PIXELS)
st.logo(ICON, size="large")
frame()

st.navigation(
    {
        "": [st.Page("pages/home.py", title="Home", url_path="", default=True)],
        "Learn": [
            st.Page("pages/learn/contents.py", title="Lessons", url_path="lessons"),
            st.Page("pages/learn/lesson.py", title="Lesson", url_path="lesson", visibility="hidden"),
        ],
        "Lab": [
            st.Page("pages/lab/data.py", title="Data", url_path="data"),
            st.Page("pages/lab/build.py", title="Build", url_path="build"),
            st.Page("pages/lab/train.py", title="Train", url_path="train"),
            st.Page("pages/lab/explore.py", title="Explore", url_path="explore"),
            st.Page("pages/lab/compare.py", title="Compare", url_path="compare"),
            st.Page("pages/lab/evaluate.py", title="Evaluate", url_path="evaluate"),
            st.Page("pages/lab/imbalance.py", title="Imbalance", url_path="imbalance"),
            st.Page("pages/lab/transfer.py", title="Transfer", url_path="transfer"),
            st.Page("pages/lab/runs.py", title="Runs", url_path="runs"),
        ],
    }
).run()
