"""Where a number in a lesson comes from: what was trained, when, on what, by which command; a link trains it again."""

import streamlit as st
from pydantic import field_validator

from core.experiment.links import to_word
from core.spec import Spec
from pages.recorded import measured
from pages.ui.formatting import capital
from pages.ui.provenance import made_when
from pages.ui.translations import words


class Options(Spec):
    """`name` of a file in pages/recorded/measured; `lab = false` if its data are not in the lab's catalogue."""

    name: str
    lab: bool = True

    @field_validator("name")
    @classmethod
    def _known(cls, name):
        if name not in measured.names():
            raise ValueError(f"there is no measured table {name!r}; choose from {', '.join(measured.names())}")
        return name


def show(options: Options, key: str) -> None:
    texts, result = words(__file__), measured.load(options.name)
    st.markdown(f":small[{capital(result.what)}. {capital(made_when(result))}.]")
    with st.expander(texts["how"]):
        st.code(result.command, language="bash")
    if options.lab and result.experiment is not None:
        st.page_link("pages/lab/build.py", label=texts["live"], query_params={"experiment": to_word(result.experiment)})
