"""Under- and oversampling, drawn many times: recorded draws first, new ones on request."""

import streamlit as st
from pydantic import Field

from core.demos.learning.resampling_simulation import REMEDIES, Clouds, simulate
from core.figures.remedies import scores
from core.lessons.vocabulary.measured_tables import measured_numbers, spread_of
from core.spec import Spec
from pages.recorded import measured
from pages.ui.formatting import capital, share
from pages.ui.live_chart import chart
from pages.ui.provenance import made_when
from pages.ui.tables import table
from pages.ui.translations import words


SHOWN = 60
"""Marks per remedy: two hundred could not be distinguished."""


class Options(Spec):
    """`draws` is the number of new draws offered first."""

    draws: int = Field(default=20, ge=10, le=100)


def show(options: Options, key: str) -> None:
    texts, clouds = words(__file__), Clouds()
    result, caption = st.session_state.get(f"{key}-found") or recorded()
    names = [texts[name] for name in REMEDIES]
    shown = {texts["error"]: [list(result[name][0][:SHOWN]) for name in REMEDIES]}
    rows = [[f"**{texts[name]}**", scatter(result[name][0]), scatter(result[name][1])] for name in REMEDIES]
    means = "; ".join(f"{row[0].strip('*')} {row[1]}" for row in rows)
    chart(scores(names, shown), f"{key}-chart", texts["title"], f"{texts['title']}. {means}.", 360)
    table([texts["remedy"], texts["error"], texts["accuracy"]], rows, means)
    st.markdown(f":small[{caption}]")
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    with left:
        draws = st.select_slider(texts["draws"], [10, 20, 50, 100], options.draws, key=f"{key}-draws")
    with right:
        st.button(texts["new"], key=f"{key}-new", on_click=draw, args=(clouds, draws, key, texts))


def draw(clouds: Clouds, draws: int, key: str, texts: dict[str, str]) -> None:
    """Every click draws new points."""
    seed = st.session_state[f"{key}-seed"] = st.session_state.get(f"{key}-seed", 1) + 1
    simulation = simulate(clouds, draws, seed)
    spreads = {name: (it.balanced_error.tolist(), it.accuracy.tolist()) for name, it in simulation.items()}
    st.session_state[f"{key}-found"] = spreads, texts["live"].format(draws=draws)


def recorded() -> tuple[dict, str]:
    """Errors and accuracies by remedy, and a caption."""
    result = {
        name: [measured_numbers("resampling", f"{name}: {what}").tolist() for what in ("balanced_error", "accuracy")]
        for name in REMEDIES
    }
    it = measured.load("resampling")
    return result, f"{capital(it.what)}; {made_when(it)}"


def scatter(values) -> str:
    mean, deviation = spread_of(values)
    return f"{share(mean)} ± {share(deviation)}"
