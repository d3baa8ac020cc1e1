"""How confident the network is, and whether it should be: calibration, rejection, top-k, the hardest images."""

import numpy as np
import streamlit as st

from core.figures import scores as figures
from core.formulas import measures as measure_formulas
from core.metrics.calibration import reliability
from core.metrics.evaluation import Evaluation
from core.metrics.rejection import least_refused, refuse_below, rejection
from core.metrics.top_k import hardest, top_k
from core.runs.folder import Run
from pages.parts.evaluate.confusion_view import hint, show_images
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
        "Below the dotted line the network is overconfident; above it, underconfident",
        f"Accuracy by confidence in ten bins. Expected calibration error {share(bins.expected_error)}.",
        320,
    )
    st.markdown(
        f"Expected calibration error, the mean distance from the line: **{share(bins.expected_error)}**. Mean "
        f"confidence: {share(float(np.mean(judged.confidence)))}; accuracy: {share(float(np.mean(judged.right)))}."
    )
    st.markdown(
        f":small[Sum over the bins of answers × |accuracy − confidence|, divided by all answers: "
        f"${measure_formulas.expected_error(bins)}$]"
    )
    numbers("The bins as a table", vars(bins), f"calibration-{key}")


def refusing(judged: Evaluation, key: str) -> None:
    """Error over the share of rejected answers; the threshold moves the ring on the curve."""
    threshold = st.slider("Reject answers with a confidence below", 0.0, 1.0, 0.5, 0.01, key=f"refuse-{key}")
    curve, now = rejection(judged.confidence, judged.right), refuse_below(judged.confidence, judged.right, threshold)
    chart(
        figures.rejection(curve, (now.refused, now.error)),
        f"refuse-chart-{key}",
        "Rejecting uncertain answers lowers the error on the rest, if the network knows what it does not know",
        f"Error over the share rejected. Now {share(now.refused)} are rejected and {share(now.error)} of the rest are "
        "wrong.",
        320,
    )
    best = least_refused(curve, GOAL)
    goal = f"For an error of at most {share(GOAL)}"
    st.markdown(
        f"Rejected: **{share(now.refused)}**; error on the rest: **{share(now.error)}**. "
        + (f"{goal}, {share(best.refused)} must be rejected." if best else f"{goal}, no threshold is high enough.")
    )
    columns = {"threshold": curve.thresholds, "rejected": curve.refused, "error": curve.error}
    numbers("Error and rejections as a table", columns, f"refuse-{key}")


def guesses(judged: Evaluation, key: str) -> None:
    ks = range(1, min(MOST_GUESSES, judged.classes) + 1)
    results = [top_k(judged.logits, judged.labels, k) for k in ks]
    chance = [k / judged.classes for k in ks]
    rows = [
        [f"**{k}**", share(accuracy), share(1 - accuracy), share(level)]
        for k, accuracy, level in zip(ks, results, chance, strict=True)
    ]
    table(["k", "top-k accuracy", "top-k error", "chance level"], rows, "The correct class among the k most likely")
    numbers(
        "Top-k accuracy with all digits", {"k": ks, "top-k accuracy": results, "chance level": chance}, f"top-{key}"
    )


def hardest_images(
    judged: Evaluation, names: tuple[str, ...], rows: np.ndarray, data: str, key: str, run: Run | None = None
) -> None:
    shown = hardest(judged.losses)[:HARDEST]
    truth, predicted = ([names[label] for label in labels[shown]] for labels in (judged.labels, judged.predicted))
    true_probability = judged.probabilities[shown, judged.labels[shown]]
    confidence = judged.confidence[shown]
    captions = [f"{a} → {b}, {share(c)}" for a, b, c in zip(truth, predicted, confidence, strict=True)]
    alts = [f"true {a}, predicted {b} with {share(c)}" for a, b, c in zip(truth, predicted, confidence, strict=True)]
    st.markdown(f"The largest losses: true class → predicted class, and the confidence in the prediction.{hint(run)}")
    show_images(data, rows[shown], captions, alts, run)
    columns: dict[str, list[str] | np.ndarray] = {
        "row in the data set": rows[shown],
        "true class": truth,
        "predicted": predicted,
        "confidence": confidence,
        "probability of the true class": true_probability,
        "loss": judged.losses[shown],
    }
    numbers("The hardest images as a table", columns, f"hardest-{key}")
