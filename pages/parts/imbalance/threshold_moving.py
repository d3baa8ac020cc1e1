"""Threshold moving: corrects the predictions of trained networks for the class shares, without training again."""

from dataclasses import astuple

import numpy as np
import streamlit as st

from core.metrics import prior_shift
from core.metrics.paired_seeds import paired, sentence as noise_sentence
from core.runs.predictions import Predictions
from core.runs.remedy_comparison import Repeated, learnt_shares, said
from pages.parts.imbalance.remedy_scores import SCORES, label, results_row, scores_of
from pages.ui.number_table import numbers
from pages.ui.tables import table


def threshold_moving(scores: Repeated, rare: int, key: str) -> None:
    st.markdown(
        "The network has learned how common each class is. Remove this from its logits as if all classes were equally "
        "common, then predict the class with the largest logit. The strength τ is chosen by the balanced accuracy on "
        "the **validation** images; the scores below are for the test images, which play no part in the choice.",
        width=720,
    )
    st.latex(r"z_k' = z_k - \tau\,\bigl(\log p_k^{\text{train}} - \log \tfrac{1}{K}\bigr)")
    rows = []
    for remedy, runs in scores.items():
        rows += _before_and_after(remedy, runs, rare)
    if not rows:
        st.info("There are no validation images for choosing τ, or no run has finished yet.")
        return
    table(
        ["trained with", "τ", *SCORES.values()],
        rows,
        "Scores on the test images with the original and with the moved threshold",
    )
    _every_run(scores, rare, key)
    if "none" in scores:
        _noise(scores["none"], rare)


def _every_run(scores: Repeated, rare: int, key: str) -> None:
    """All scores with all digits; a strength of 0 is the original threshold."""
    rows = []
    for remedy, runs in scores.items():
        for seed, (tau, after) in _moved(runs).items():
            before = said(runs, "test")[seed]
            rows += [
                (label(remedy), seed, at, *astuple(scores_of(it, rare))) for at, it in ((0.0, before), (tau, after))
            ]
    columns = dict(zip(["trained with", "seed", "τ", *SCORES.values()], zip(*rows, strict=True), strict=True))
    numbers("Every run's scores before and after as a table", columns, f"moved-{key}")


def _before_and_after(remedy: str, runs, rare: int) -> list[list[str]]:
    shifted = _moved(runs)
    if not shifted:
        return []
    before = [scores_of(it, rare) for it in (said(runs, "test")[seed] for seed in shifted)]
    after = [scores_of(it, rare) for _, it in shifted.values()]
    taus = ", ".join(f"{tau:.1f}" for tau, _ in shifted.values())
    return [
        [f"**{label(remedy)}**", "original", *results_row(before)],
        [f"{label(remedy)}, moved", taus, *results_row(after)],
    ]


def _moved(runs) -> dict[int, tuple[float, Predictions]]:
    """{seed: (strength chosen on the validation images, test predictions moved by it)}"""
    validation, test = said(runs, "validation"), said(runs, "test")
    result = {}
    for seed in (seed for seed in test if seed in validation):
        learnt = learnt_shares(runs[seed].experiment, test[seed].training_counts)
        target, held_out = np.ones(len(learnt)), validation[seed]
        tau = prior_shift.chosen(held_out.logits, held_out.labels, learnt, target).strength
        logits = prior_shift.moved(test[seed].logits, learnt, target, tau)
        result[seed] = (tau, Predictions(logits, test[seed].labels, test[seed].rows, test[seed].training_counts))
    return result


def _noise(runs, rare: int) -> None:
    shifted, test = _moved(runs), said(runs, "test")
    for name in ("recall", "accuracy"):
        before = [getattr(scores_of(test[seed], rare), name) for seed in shifted]
        after = [getattr(scores_of(it, rare), name) for _, it in shifted.values()]
        st.markdown(
            f"**{SCORES[name].capitalize()}**, moved compared with original: {noise_sentence(paired(before, after))}"
        )
