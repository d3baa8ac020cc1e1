"""How sure the network is, and whether it should be: calibration, refusing, further guesses, the hardest images."""

import numpy as np
import streamlit as st

from core.figures import scores as figures
from core.formulas import measures as measure_formulas
from core.metrics.calibration import reliability
from core.metrics.evaluation import Evaluation
from core.metrics.rejection import least_refused, refuse_below, rejection
from core.metrics.top_k import hardest, top_k
from pages.parts.evaluate.confusion_view import show_images
from pages.ui.formatting import share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers
from pages.ui.tables import table


GOAL = 0.01
MOST_GUESSES = 5
HARDEST = 16


def calibration(judged: Evaluation, key: str) -> None:
    bins = reliability(judged.confidence, judged.right)
    chart(
        figures.reliability(bins),
        f"calibration-{key}",
        "Below the dotted line the network is surer than it is right; above it, it is too modest",
        f"Accuracy by confidence in ten bins. Expected calibration error {share(bins.expected_error)}.",
        320,
    )
    st.markdown(
        f"Expected calibration error, the mean distance from the line: **{share(bins.expected_error)}**. On average it is "
        f"{share(float(np.mean(judged.confidence)))} sure and {share(float(np.mean(judged.right)))} right."
    )
    st.markdown(
        f":small[Each bin's answers times |right - sure|, over all answers: ${measure_formulas.expected_error(bins)}$]"
    )
    numbers("The bins as a table", vars(bins), f"calibration-{key}")


def refusing(judged: Evaluation, key: str) -> None:
    """The threshold moves the ring on the curve."""
    threshold = st.slider("Refuse an answer less sure than", 0.0, 1.0, 0.5, 0.01, key=f"refuse-{key}")
    curve, now = rejection(judged.confidence, judged.right), refuse_below(judged.confidence, judged.right, threshold)
    chart(
        figures.rejection(curve, (now.refused, now.error)),
        f"refuse-chart-{key}",
        "Refusing the unsure answers: the error on the rest falls, if the network knows what it does not know",
        f"Error over the share refused. Now {share(now.refused)} are refused and {share(now.error)} of the rest are wrong.",
        320,
    )
    best = least_refused(curve, GOAL)
    goal = f"For an error of at most {share(GOAL)}"
    st.markdown(
        f"Refused: **{share(now.refused)}**; wrong among the rest: **{share(now.error)}**. "
        + (f"{goal}, {share(best.refused)} must be refused." if best else f"{goal}, no threshold is high enough.")
    )
    columns = {"threshold": curve.thresholds, "refused": curve.refused, "error": curve.error}
    numbers("Error and refusals as a table", columns, f"refuse-{key}")


def guesses(judged: Evaluation, key: str) -> None:
    most = range(1, min(MOST_GUESSES, judged.classes) + 1)
    results = [top_k(judged.logits, judged.labels, k) for k in most]
    rng = [k / judged.classes for k in most]
    rows = [
        [f"**{k}**", share(right), share(1 - right), share(guess)]
        for k, right, guess in zip(most, results, rng, strict=True)
    ]
    table(["guesses", "right", "top-k error", "guessing gets"], rows, "The right class among the first guesses")
    numbers("The guesses with all digits", {"k": most, "right": results, "guessing gets": rng}, f"top-{key}")


def hardest_images(judged: Evaluation, names: tuple[str, ...], rows: np.ndarray, data: str, key: str) -> None:
    shown = hardest(judged.losses)[:HARDEST]
    truth, said = ([names[label] for label in labels[shown]] for labels in (judged.labels, judged.predicted))
    own = judged.probabilities[shown, judged.labels[shown]]
    sure = judged.confidence[shown]
    captions = [f"{a} → {b}, {share(c)}" for a, b, c in zip(truth, said, sure, strict=True)]
    alts = [f"true {a}, predicted {b} with {share(c)}" for a, b, c in zip(truth, said, sure, strict=True)]
    st.markdown("The largest losses: truth → what the network said, and how sure it was of it.")
    show_images(data, rows[shown], captions, alts)
    columns = {
        "row in the data set": rows[shown],
        "truth": truth,
        "said": said,
        "probability of it": sure,
        "probability of the truth": own,
        "loss": judged.losses[shown],
    }
    numbers("The hardest images as a table", columns, f"hardest-{key}")
