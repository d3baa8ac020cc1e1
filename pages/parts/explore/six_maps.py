"""Six maps of one answer, laid over the image."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from core.arrays import Array
from core.backend import BackendError
from core.explain.reading import Reading, reading
from core.explain.why_questions import Attribution, Method
from core.figures.overlay import overlay
from core.figures.tiles import Tile, tiles
from pages.parts.explore.subject import Subject
from pages.ui.formatting import percent, plain, three_digits
from pages.ui.number_table import numbers


LABELS: dict[Method, str] = {
    "saliency": "Saliency",
    "smoothgrad": "SmoothGrad",
    "input_x_gradient": "Input × gradient",
    "integrated_gradients": "Integrated gradients",
    "grad_cam": "Grad-CAM",
    "occlusion": "Occlusion",
}
SIGNED = ("input_x_gradient", "integrated_gradients", "occlusion")
SQUARE_SHARE = 6
"""An occluding square is about a sixth as wide as the image, with an odd number of pixels."""


@dataclass(frozen=True, eq=False)
class Asked:
    """An answer to explain."""

    subject: Subject
    image: Array
    """(C, H, W) uint8."""
    x: Array
    """(1, C, H, W), as the network takes it."""
    baseline: Array
    """(C, H, W): a black image, as the network takes it."""
    label: int

    @property
    def name(self) -> str:
        return self.subject.class_names[self.label]

    def question(self, method: Method) -> Attribution:
        return Attribution(method=method, label=self.label, square=2 * (self.image.shape[1] // SQUARE_SHARE // 2) + 1)

    def ask(self, method: Method, backend: str = "") -> dict[str, Array]:
        subject = replace(self.subject, backend=backend) if backend else self.subject
        return subject.ask(self.question(method), images=self.x, baseline=self.baseline)


def explain(asked: Asked) -> dict[Method, dict[str, Array]]:
    """By method; a network without feature maps has no Grad-CAM."""
    answers = {}
    for method in LABELS:
        try:
            answers[method] = asked.ask(method)
        except BackendError as error:
            if "feature maps" not in str(error):
                raise
    return answers


def show_maps(asked: Asked, answers: dict[Method, dict[str, Array]], shares: Array) -> None:
    image, name = asked.image, asked.name
    score = float(next(iter(answers.values()))["score"])
    shown = [
        Tile(
            image,
            "The image",
            f"the image, {name} with {percent(float(shares[asked.label]))}",
            (f"Score of {name}: {three_digits(score)}.", f"Probability: {percent(float(shares[asked.label]))}."),
            strong=True,
        )
    ]
    for method, answer in answers.items():
        shown.append(
            Tile(
                overlay(image, answer["map"], method in SIGNED),
                LABELS[method],
                f"{LABELS[method]} over the image",
                (WHAT[method].format(size=asked.question(method).square), here(asked, method, answer)),
            )
        )
    st.html(tiles(shown))
    missing = "" if "grad_cam" in answers else " Grad-CAM needs feature maps, and this network has none."
    st.markdown(
        f":small[Rose speaks for {plain(name)}, teal against it; green has no sign. Each map has its own scale: the "
        f"strongest pixel has the full colour.{missing}]"
    )
    rows, columns = np.indices(image.shape[1:])
    table = {"row": rows.ravel() + 1, "column": columns.ravel() + 1}
    table |= {LABELS[method]: answer["map"].ravel() for method, answer in answers.items()}
    numbers("The maps as a table", table, f"maps-{asked.subject.run.id}-{asked.label}")


WHAT: dict[Method, str] = {
    "saliency": "How steeply the score changes with each pixel: |gradient|.",
    "smoothgrad": "The same for the mean gradient of 25 noisy copies.",
    "input_x_gradient": "What each pixel adds to the score, if the network were a straight line here.",
    "integrated_gradients": "What each pixel adds on the way from a black image to this one.",
    "grad_cam": "The last feature maps, weighted by their mean gradient; only what speaks for the class.",
    "occlusion": "How the probability changes when a {size} × {size} square is painted black.",
}


EMPTY_CAM = (
    "Zero everywhere. Grad-CAM gives each map one weight, its mean gradient over all positions, and its ReLU removes "
    "every sum below zero. Behind a flatten layer each position has a weight of its own, and the mean hides it: see "
    "input × gradient. An empty map does not mean that nothing speaks for {name}."
)


def here(asked: Asked, method: Method, answer: dict[str, Array]) -> str:
    """What the map says about this image."""
    seen = reading(answer["map"])
    where = f"row {seen.row + 1}, column {seen.column + 1}"
    if not seen.half:
        return EMPTY_CAM.format(name=asked.name) if method == "grad_cam" else "Zero everywhere."
    match method:
        case "input_x_gradient":
            return f"Adds up to {three_digits(seen.total)}; the score is {three_digits(float(answer['score']))}."
        case "integrated_gradients":
            rise = float(answer["score"] - answer["baseline_score"])
            total = three_digits(seen.total)
            return f"Adds up to {total}; from black to this image the score changes by {three_digits(rise)}."
        case "grad_cam":
            return f"Strongest around {where}."
        case "occlusion":
            return occluded(asked.name, seen, where)
    return f"Steepest at {where}. {seen.half} of {answer['map'].size} pixels hold half of it."


def occluded(name: str, seen: Reading, where: str) -> str:
    moved = "lowers" if seen.largest > 0 else "raises"
    return f"Around {where}, it {moved} the probability of {name} by {100 * abs(seen.largest):.2g} points."
