"""Test scores of the remedies over their seeds, beside those of three guessing baselines."""

from dataclasses import astuple

import numpy as np
import streamlit as st

from core.experiment.imbalance_remedies import remedies
from core.figures import remedies as figures
from core.metrics.baselines import guesses
from core.metrics.confusion import confusion
from core.metrics.rare_class import RareScores, rare_scores
from core.runs import predictions
from core.runs.grouping import spread
from core.runs.predictions import Predictions
from core.runs.remedy_comparison import Repeated, said
from pages.parts.evaluate.baselines_view import BASELINES
from pages.ui.formatting import share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers
from pages.ui.tables import table


SCORES = {
    "recall": "recall of the rare class",
    "precision": "precision of the rare class",
    "balanced": "balanced accuracy",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
}
"""{field of RareScores: label}"""
Scored = dict[str, dict[int, RareScores]]
"""{remedy or baseline: {seed: scores}}"""


def label(name: str) -> str:
    """The label of a remedy or a baseline."""
    return f"{BASELINES[name]} guess".capitalize() if name in BASELINES else remedies()[name].label


def scored(scores: Repeated, rare: int) -> Scored:
    """Test scores of the finished runs."""
    return {
        remedy: {seed: scores_of(it, rare) for seed, it in said(runs, "test").items()}
        for remedy, runs in scores.items()
    }


def scores_of(it: Predictions, rare: int) -> RareScores:
    return rare_scores(confusion(it.labels, np.argmax(it.logits, axis=1), it.logits.shape[1]), rare)


def guessed(scores: Repeated, rare: int, training: np.ndarray) -> Scored:
    """Baseline scores on the same test images, per seed; `training` (K,) counts the images before any remedy."""
    parts = {
        seed: predictions.class_counts(run.predictions_path, "test")
        for runs in scores.values()
        for seed, run in runs.items()
    }
    counts = {seed: both[0] for seed, both in sorted(parts.items()) if both is not None}
    probabilities = guesses(training)
    return {
        name: {seed: rare_scores(np.outer(by_class, probabilities[name]), rare) for seed, by_class in counts.items()}
        for name in BASELINES
    }


def results(result: Scored, guessed: Scored, rare: str, key: str) -> None:
    """A table and a chart of the scores: remedies, then baselines."""
    combined = result | guessed
    rows = [
        [_row_label(name, result), _seeds(name, result), *results_row(list(it.values()))]
        for name, it in combined.items()
    ]
    table(["remedy", "seeds", *SCORES.values()], rows, f"Scores on the test images; the rare class is {rare}")
    st.markdown(
        ":small[Mean over the seeds, with the lowest and highest in parentheses if they differ. All on the unchanged "
        "test images. The last three are expected scores of baselines that never look at the image: majority always "
        "predicts the most frequent training class (before any remedy), prior-matched predicts each class as often as "
        "in training, uniform predicts all classes equally often.]"
    )
    names = [label(name) for name in combined]
    shown = {
        SCORES[score]: [[getattr(it, score) for it in by_seed.values()] for by_seed in combined.values()]
        for score in ("recall", "accuracy")
    }
    means = "; ".join(f"{label(name)} {share(_mean(it, 'recall'))}" for name, it in combined.items())
    chart(
        figures.scores(names, shown),
        f"remedies-{key}",
        f"Recall of {rare} and overall accuracy: small marks are single seeds, large marks are means",
        f"Recall of {rare} and accuracy by remedy and baseline. Recall: {means}.",
        120 + 56 * len(names),
    )
    flat = [(label(name), seed, *astuple(it)) for name, by_seed in combined.items() for seed, it in by_seed.items()]
    columns = dict(zip(["remedy", "seed", *SCORES.values()], zip(*flat, strict=True), strict=True))
    numbers("Every run's scores as a table", columns, f"remedies-{key}")


def _row_label(name: str, result: Scored) -> str:
    return f"**{label(name)}**" if name in result else f"*{label(name)}*"


def _seeds(name: str, result: Scored) -> str:
    return str(len(result[name])) if name in result else "–"


def _mean(by_seed: dict[int, RareScores], score: str) -> float:
    return spread([getattr(it, score) for it in by_seed.values()]).mean


def results_row(seed_scores: list[RareScores]) -> list[str]:
    """One cell per score, summarised over the seeds."""
    return [_over_seeds([getattr(it, name) for it in seed_scores]) for name in SCORES]


def _over_seeds(values: list[float]) -> str:
    existing = [value for value in values if not np.isnan(value)]
    if not existing:
        return "–"
    it = spread(existing)
    low, high = (share(value).split("\N{NO-BREAK SPACE}")[0] for value in (it.low, it.high))
    interval = f" :small[({low}–\N{WORD JOINER}{high})]" if low != high else ""
    return f"**{share(it.mean)}**{interval}"
