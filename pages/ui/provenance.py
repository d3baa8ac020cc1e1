"""Where recorded arrays come from: date, backend, the experiment in the lab, and the command that made them."""

import streamlit as st

from core.experiment.links import to_word
from core.recordings.arrays import RecordedArrays
from core.recordings.evaluation import Judged
from core.recordings.run import Recorded
from core.recordings.tables import Measured
from pages.ui.translations import words


Recording = RecordedArrays | Recorded | Measured | Judged


def origin(found: RecordedArrays, of: str = "") -> None:
    """`of` names the network, where the recording holds several."""
    texts = words(__file__)
    label = f"{texts['lab']}: {of}" if of else texts["lab"]
    st.markdown(f":small[{made_when(found)}]")
    st.page_link("pages/lab/build.py", label=label, query_params={"experiment": to_word(found.experiment)})
    with st.expander(texts["how"]):
        st.code(found.command, language="bash")


def made_when(found: Recording) -> str:
    """One line that says what this is, as its `label` does in English: recorded when, on what."""
    texts = words(__file__)
    made = texts["recorded"].format(
        date=found.date[:10], backend=found.backend, version=found.version, device=found.device
    )
    if isinstance(found, Judged):
        return f"{made}, {texts['judged'].format(images=found.images)}"
    return f"{made}, {found.seconds:.0f} s"
