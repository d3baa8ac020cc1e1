"""A problem of the draft, with a button for each repair that can be applied automatically."""

import streamlit as st

from core.drafts.block_draft import Inside
from core.drafts.draft import Draft
from core.drafts.validation import Problem
from pages.ui.formatting import advice, capital


def problem_view(draft: Draft | Inside, problem: Problem, key: str) -> None:
    clicks = [repair for repair in problem.repairs if draft.can_mend(repair)]
    others = [repair for repair in problem.repairs if not repair.edits]
    st.error((f"**{problem.layer}**: " if problem.layer else "") + advice(problem.sentence, [] if clicks else others))
    if not clicks:
        return
    with st.container(horizontal=True, key=f"{key}-repairs", gap="small"):
        for nth, repair in enumerate(clicks):
            st.button(
                capital(repair.words),
                key=f"{key}-repair-{nth}",
                on_click=draft.apply_repair,
                args=(repair,),
                wrap=True,
            )
    if others:
        st.markdown(f":small[Or: {'; or '.join(map(str, others))}.]")
