"""Where recorded arrays come from: date, backend, the experiment in the lab, and the command that made them."""

import streamlit as st

from core.recorded_arrays import RecordedArrays
from core.sharing import to_word
from pages.widgets import words


WORDS = {
    "en": {"lab": "Open this in the lab", "how": "How it was made"},
    "de": {"lab": "Im Labor öffnen", "how": "Wie es gemacht wurde"},
}


def origin(found: RecordedArrays, of: str = "") -> None:
    """`of` names the network, where the recording holds several."""
    texts = words(WORDS)
    label = f"{texts['lab']}: {of}" if of else texts["lab"]
    st.markdown(f":small[{found.label}]")
    st.page_link("pages/lab/build.py", label=label, query_params={"experiment": to_word(found.experiment)})
    with st.expander(texts["how"]):
        st.code(found.command, language="bash")
