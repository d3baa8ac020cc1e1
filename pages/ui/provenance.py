"""Where a recording comes from: date, backend, its experiment in the lab, and the command that recorded it."""

import streamlit as st

from core.experiment.links import to_word
from core.recordings.arrays import RecordedArrays
from core.recordings.evaluation import Judged
from core.recordings.run import Recorded
from core.recordings.tables import Measured
from pages.ui.translations import words


Recording = RecordedArrays | Recorded | Measured | Judged


def origin(recording: RecordedArrays, of: str = "") -> None:
    """`of`: the network's name, if the recording contains several."""
    texts = words(__file__)
    label = f"{texts['lab']}: {of}" if of else texts["lab"]
    st.markdown(f":small[{made_when(recording)}]")
    st.page_link("pages/lab/build.py", label=label, query_params={"experiment": to_word(recording.experiment)})
    with st.expander(texts["how"]):
        st.code(recording.command, language="bash")


def made_when(recording: Recording) -> str:
    """One line, like the recording's English `label`: when it was recorded, and on what."""
    texts = words(__file__)
    recorded = texts["recorded"].format(
        date=recording.date[:10], backend=recording.backend, version=recording.version, device=recording.device
    )
    if isinstance(recording, Judged):
        return f"{recorded}, {texts['judged'].format(images=recording.images)}"
    return f"{recorded}, {recording.seconds:.0f} s"
