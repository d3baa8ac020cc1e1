"""A simulation of undersampling and oversampling, repeated until the difference is clear."""

import numpy as np
import streamlit as st

from core.demos.learning.resampling_simulation import Clouds, simulate
from core.runs.grouping import spread
from pages.parts.session.imbalance_plan import Plan
from pages.ui.formatting import share
from pages.ui.tables import table


LABELS = {
    "none": "None",
    "undersample": "Undersample",
    "repeat": "Oversample",
    "weights": "Class weights",
    "repeat and noise": "Noisy copies",
}


def resampling(plan: Plan) -> None:
    clouds = Clouds()
    st.markdown(
        f"Two clouds of points in {clouds.dimensions} dimensions, {clouds.common:,} of the common class and "
        f"{clouds.rare:,} of the rare one, separated by logistic regression. Draw them many times: what does each "
        "remedy achieve on average, and how much does it vary?",
        width=720,
    )
    left, _ = st.columns([1, 2])
    with left:
        draws = st.select_slider("Draws", [20, 50, 100, 200], value=50, key="draws")
        if st.button("Simulate", key="simulate"):
            plan.draws = draws
            bar = st.progress(0.0, "Drawing …")
            st.session_state["resampled"] = (draws, simulate(clouds, draws, progress=bar.progress))
            bar.empty()
    if "resampled" not in st.session_state:
        return
    draws, result = st.session_state["resampled"]
    rows = [[f"**{LABELS[name]}**", _scatter(it.balanced_error), _scatter(it.accuracy)] for name, it in result.items()]
    table(["remedy", "balanced error", "accuracy, 10 to 1"], rows, f"Mean and standard deviation over {draws} draws")
    st.markdown(
        f":small[Mean ± standard deviation over {draws} draws, computed just now. **Oversampling varies less than "
        "undersampling**, because it uses all points, and it has the same effect as class weights. Every remedy "
        "*lowers* the plain accuracy if ten of eleven points are common, although it detects the rare class far more "
        "often: accuracy is the wrong measure here.]"
    )


def _scatter(values: np.ndarray) -> str:
    it = spread(values.tolist())
    return f"{share(it.mean)} ± {share(it.deviation or 0)}"
