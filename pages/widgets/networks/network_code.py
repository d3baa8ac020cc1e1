"""A network as code for each framework: what the student built in a builder above, or the expected network."""

import streamlit as st
from pydantic import Field, model_validator

from core.network.network import Network
from core.spec import Spec
from pages.ui.code_view import code_view
from pages.ui.translations import words
from pages.widgets.networks.builder import Options as Built, built_as, expected


class Options(Spec):
    """`line` and `input_shape` as in the builder. `of` is the `name` of a builder above: its network is shown once it
    is complete, the one in `line` until then."""

    line: str = Field(min_length=1)
    input_shape: tuple[int, int, int] = (1, 28, 28)
    of: str = ""

    @model_validator(mode="after")
    def _valid(self):
        network(self)
        return self


def network(options: Options) -> Network:
    """The expected network. Raises ValueError."""
    return expected(Built(line=options.line, input_shape=options.input_shape))


def show(options: Options, key: str) -> None:
    texts, theirs = words(__file__), built_as(options.of)
    caption = "given" if not options.of else "expected" if theirs is None else "yours"
    st.markdown(f":small[{texts[caption]}]")
    code_view(theirs or network(options), texts["language"], key)
