"""All presets side by side: a sentence, the cost on the chosen images, a small drawing."""

from functools import lru_cache

import streamlit as st

from core.data import catalogue
from core.drafts.draft import Draft
from core.experiment import presets
from core.experiment.experiment import ExperimentError
from core.figures.blocks import drawing
from core.network.costs import Cost, costs
from pages.ui.formatting import plain, sentence, short


def presets_view(draft: Draft) -> None:
    """No confirmation is needed to choose one, since it can be undone."""
    with st.expander("All presets"):
        columns = st.columns(2, gap="medium")
        for index, name in enumerate(presets.names()):
            with columns[index % 2]:
                _card(draft, name)


def _card(draft: Draft, name: str) -> None:
    preset, data = presets.get(name), draft.data["name"]
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{preset.label}**  \n{preset.sentence}")
        try:
            layer_costs = _costs(name, data)
        except ExperimentError as error:
            st.markdown(f":small[{sentence(plain(str(error)))}]")
            return
        parameters, adds = (
            sum(getattr(cost, field) for cost in layer_costs) for field in ("parameters", "multiply_adds")
        )
        st.html(drawing(catalogue.describe(data).shape, list(layer_costs), size=0.7))
        with st.container(horizontal=True, vertical_alignment="center"):
            chosen = name == draft.preset
            st.button(
                "In use" if chosen else "Use this",
                key=f"take-{name}",
                help=f"Use {preset.label}",
                disabled=chosen,
                on_click=draft.choose_preset,
                args=(name,),
            )
            st.markdown(f":small[{parameters:,} parameters · {short(adds)} multiply-adds per image]")


@lru_cache(maxsize=256)
def _costs(name: str, data: str) -> tuple[Cost, ...]:
    """Raises ExperimentError if the preset does not fit these images."""
    return tuple(costs(presets.experiment(name, data).network))
