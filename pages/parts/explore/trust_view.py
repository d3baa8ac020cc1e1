"""Can the maps be trusted? Whether the backends agree, and whether a map depends on the weights at all."""

import numpy as np
import streamlit as st

from core.arrays import Array
from core.backend import BackendError
from core.explain.agreement import agreement
from core.explain.randomization import cascade, verdict
from core.explain.why_questions import Method, RandomisationCheck
from core.figures.overlay import overlay
from core.figures.tiles import Tile, tiles
from pages.parts.explore.six_maps import LABELS, SIGNED, Asked
from pages.ui import backend_labels
from pages.ui.formatting import sentence
from pages.ui.tables import table


def pressed(label: str, key: str) -> bool:
    """A button whose result stays."""
    if st.button(label, key=f"button-{key}"):
        st.session_state[key] = True
    return key in st.session_state


def between_backends(asked: Asked, answers: dict[Method, dict[str, Array]], key: str) -> None:
    st.header("Do the backends agree?")
    others = [name for name in backend_labels.installed() if name != asked.subject.backend]
    if not others:
        st.markdown("Only one backend is installed.")
        return
    here = backend_labels.label(asked.subject.backend)
    st.markdown(
        f"The same weights in another framework must give the same maps. The table shows the largest difference from "
        f"{here}, as a share of the largest value."
    )
    if not pressed("Compare the backends", f"agree-{key}"):
        return
    rows, worst, least = [], 0.0, 1.0
    for method, answer in answers.items():
        row = [LABELS[method]]
        for name in others:
            try:
                alike = agreement(answer["map"], asked.ask(method, name)["map"])
            except BackendError as error:
                st.error(sentence(f"{backend_labels.label(name)}: {error}"))
                return
            row.append(f"{alike.largest:.1e}")
            worst, least = max(worst, alike.largest), min(least, alike.correlation)
        rows.append(row)
    table(["map", *map(backend_labels.label, others)], rows, "Differences between the maps of the backends")
    digits = "float64" if asked.subject.run.experiment.training.precision == "float64" else "float32"
    st.markdown(f"Largest difference: **{worst:.1e}**. Lowest correlation: {least:.6f}. The run computes in {digits}.")


def random_weights(asked: Asked, answers: dict[Method, dict[str, Array]], key: str) -> None:
    st.header("Would random weights give the same map?")
    st.markdown(
        "The weights become random layer by layer, from the output down. A map that stays the same shows the image, "
        "not what the network has learned (Adebayo et al. 2018)."
    )
    method = st.selectbox(
        "Map", list(answers), key=f"random-method-{asked.subject.run.id}", format_func=LABELS.__getitem__, width=260
    )
    if not pressed("Randomise the weights", f"random-{key}-{method}"):
        return
    question = RandomisationCheck(attribution=asked.question(method))
    answer = asked.subject.ask(question, images=asked.x, baseline=asked.baseline)
    names = ["trained", *(f"+ {name}" for name in cascade(asked.subject.network))]
    shown = [
        Tile(
            overlay(asked.image, one, method in SIGNED),
            name,
            f"{LABELS[method]}, {name}: rank correlation {value:.2f}",
            (f"rank correlation {value:.2f}",),
        )
        for name, one, value in zip(names, answer["maps"], answer["correlation"], strict=True)
    ]
    st.html(tiles(shown, least=88))
    st.markdown(VERDICT[verdict(answer["correlation"])].format(method=LABELS[method], last=last(answer["correlation"])))


VERDICT = {
    "passed": "**Passed.** With all weights random, the rank correlation with the original map is {last}: {method} "
    "depends on what the network has learned.",
    "partly": "**In part.** With all weights random, the rank correlation is still {last}: some of what {method} shows "
    "is the image itself.",
    "failed": "**Failed.** With all weights random, the map has hardly changed: rank correlation {last}. For this "
    "image, {method} shows the image more than what the network has learned.",
    "undefined": "**No verdict.** A map is the same at every pixel, so it has no ranks to compare.",
}


def last(correlations: Array) -> str:
    return f"{float(np.asarray(correlations)[-1]):.2f}"
