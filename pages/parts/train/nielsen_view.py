"""Compares the experiment with Nielsen's network3, with a button to adopt each missing setting."""

import streamlit as st

from core.experiment import nielsen
from core.experiment.experiment import Experiment
from pages.parts.session.state import Lab


def network3_switch(lab: Lab, experiment: Experiment | None) -> None:
    if experiment is None:
        st.markdown(":small[Fix the errors above to compare the experiment with Nielsen's network3.]")
        return
    st.markdown(":small[Nielsen's program from 2015 does some things differently from today. This experiment:]")
    missing = [item for item in nielsen.ITEMS if not item.holds(experiment)]
    for index, item in enumerate(nielsen.ITEMS):
        st.markdown(f":small[{'–' if item in missing else '✓'} **{item.label}.** {_plain(item.sentence)}]")
        if item in missing:
            key, changed = f"network3-{index}", item.give(experiment)
            st.button("Apply", key=key, type="tertiary", on_click=lab.draft.take, args=(changed,))
    if missing:
        faithful = nielsen.faithful(experiment)
        st.button("Apply all", key="network3-all", on_click=lab.draft.take, args=(faithful,), width="stretch")
    _undo_button(lab)


def _undo_button(lab: Lab) -> None:
    """Shares its history with Undo on Build."""
    st.button(
        "Undo the last change",
        key="network3-undo",
        on_click=lab.undo,
        disabled=not lab.history.past,
        width="stretch",
    )


def _plain(text: str) -> str:
    """Replaces the stars and escapes the underscores that Markdown would interpret."""
    return text.replace("*", "·").replace("_", "\\_")
