"""What a fixed shuffle of the pixels does to two networks: a recorded real experiment as a small table."""

import streamlit as st

from core.experiment.links import to_word
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.formatting import percent
from pages.ui.provenance import made_when
from pages.ui.translations import words


RECORDING = "shuffled-pixels"


class Options(Spec):
    """No options: there is one recording."""


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    rows = [
        f"| {texts[name]} | {percent(result.numbers[name][0])} | {percent(result.numbers[name][1])} |"
        for name in ("dense", "cnn")
    ]
    head = f"| {texts['network']} | {texts['plain']} | {texts['shuffled']} |\n| --- | --- | --- |\n"
    st.markdown(f"**{texts['title']}**\n\n{head}" + "\n".join(rows))
    st.markdown(
        f":small[{made_when(result)}, MNIST, {result.experiment.data.train:,} × {result.experiment.training.epochs}]"
    )
    st.page_link("pages/lab/build.py", label=texts["lab"], query_params={"experiment": to_word(result.experiment)})
    with st.expander(texts["how"]):
        st.code(result.command, language="bash")
