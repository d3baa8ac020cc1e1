"""An experiment: the drawing of its network, and a link that opens it in the lab."""

import streamlit as st
from pydantic import Field, model_validator

from core.data import catalogue
from core.data.dataset import DataError
from core.experiment import presets
from core.experiment.experiment import Experiment, ExperimentError, changed
from core.experiment.links import to_word
from core.figures.blocks import drawing
from core.network.costs import costs
from core.spec import Spec
from pages.ui.translations import words


class Options(Spec):
    """A preset on a data set, with `changes` by dotted path: {"training.epochs" = 2}."""

    preset: str
    data: str = "digits"
    changes: dict[str, object] = Field(default_factory=dict)
    drawing: bool = True
    label: str = ""

    @model_validator(mode="after")
    def _valid(self):
        if self.preset not in presets.names():
            raise ValueError(f"there is no preset {self.preset!r}; choose from {', '.join(presets.names())}")
        try:
            catalogue.describe(self.data)
            experiment(self)
        except (DataError, ExperimentError) as error:
            raise ValueError(str(error)) from None
        return self


def experiment(options: Options) -> Experiment:
    return changed(presets.experiment(options.preset, options.data), **options.changes)


def show(options: Options, key: str) -> None:
    shown = experiment(options)
    if options.drawing:
        st.html(drawing(shown.network.input_shape, costs(shown.network)))
    label = options.label or words(__file__)["live"]
    st.page_link("pages/lab/build.py", label=label, query_params={"experiment": to_word(shown)})
