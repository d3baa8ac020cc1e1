"""As network3 did it: what of Nielsen's program the experiment follows, and a click for the rest."""

import streamlit as st

from core.experiment import nielsen
from core.experiment.experiment import Experiment
from pages.parts.session.state import Lab


def network3_switch(lab: Lab, experiment: Experiment | None) -> None:
    if experiment is None:
        st.markdown(":small[When the experiment has no mistake left, this compares it with Nielsen's network3.]")
        return
    st.markdown(":small[Nielsen's program of 2015 does some things otherwise than most do today. This experiment:]")
    missing = [item for item in nielsen.ITEMS if not item.holds(experiment)]
    for index, item in enumerate(nielsen.ITEMS):
        st.markdown(f":small[{'–' if item in missing else '✓'} **{item.label}.** {_plain(item.sentence)}]")
        if item in missing:
            key, given = f"network3-{index}", (item.give(experiment),)
            st.button("Do so", key=key, type="tertiary", on_click=lab.draft.take, args=given)
    if missing:
        all_of_it = nielsen.faithful(experiment)
        st.button("All as network3", key="network3-all", on_click=lab.draft.take, args=(all_of_it,), width="stretch")
    _undo_button(lab)


def _undo_button(lab: Lab) -> None:
    """The same steps as on Build."""
    nothing = not lab.history.past
    st.button("Undo the last change", key="network3-undo", on_click=lab.undo, disabled=nothing, width="stretch")


def _plain(words: str) -> str:
    """No stars and underscores that Markdown would take for its own."""
    return words.replace("*", "·").replace("_", "\\_")
