"""Scores of remedies over their seeds on the test images, never without those of guessers beside them."""

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
from pages.parts.evaluate.baselines_view import GUESSERS
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
"""Fields of RareScores."""
Scored = dict[str, dict[int, RareScores]]
"""By remedy (or guesser) and seed."""


def label(who: str) -> str:
    """Of a remedy or a guesser."""
    return f"{GUESSERS[who]} guess".capitalize() if who in GUESSERS else remedies()[who].label


def scored(scores: Repeated, rare: int) -> Scored:
    """Of the finished runs, on the test images."""
    return {
        remedy: {seed: scores_of(it, rare) for seed, it in said(runs, "test").items()}
        for remedy, runs in scores.items()
    }


def scores_of(it: Predictions, rare: int) -> RareScores:
    return rare_scores(confusion(it.labels, np.argmax(it.logits, axis=1), it.logits.shape[1]), rare)


def guessed(scores: Repeated, rare: int, training: np.ndarray) -> Scored:
    """What guessers get of the same test images, seed by seed; `training` (K,) counts the images before any remedy."""
    parts = {
        seed: predictions.class_counts(run.predictions_path, "test")
        for runs in scores.values()
        for seed, run in runs.items()
    }
    counts = {seed: both[0] for seed, both in sorted(parts.items()) if both is not None}
    said_of = guesses(training)
    return {
        who: {seed: rare_scores(np.outer(these, said_of[who]), rare) for seed, these in counts.items()}
        for who in GUESSERS
    }


def results(result: Scored, guessed: Scored, rare: str, key: str) -> None:
    """The table of scores and their image: remedies, then guessers."""
    everyone = result | guessed
    rows = [[_who(who, result), _seeds(who, result), *results_row(list(it.values()))] for who, it in everyone.items()]
    table(["remedy", "seeds", *SCORES.values()], rows, f"Scores on the test images; the rare class is {rare}")
    st.markdown(
        ":small[Mean over the seeds, and behind it the lowest and the highest, where they differ. All on the untouched test "
        "images. The last three never look: majority says the class that was the most frequent in training before any "
        "remedy, prior-matched says each class as often as it was there, uniform says all equally often; what they get is "
        "what is to be expected.]"
    )
    names = [label(who) for who in everyone]
    shown = {
        SCORES[name]: [[getattr(it, name) for it in of_seed.values()] for of_seed in everyone.values()]
        for name in ("recall", "accuracy")
    }
    means = "; ".join(f"{label(who)} {share(_mean(it, 'recall'))}" for who, it in everyone.items())
    chart(
        figures.scores(names, shown),
        f"remedies-{key}",
        f"How often {rare} is found, and how often the network is right in all: small marks are seeds, large ones means",
        f"Recall of {rare} and accuracy by remedy and guesser. Recall: {means}.",
        120 + 56 * len(names),
    )
    flat = [(label(who), seed, *astuple(it)) for who, of_seed in everyone.items() for seed, it in of_seed.items()]
    columns = dict(zip(["remedy", "seed", *SCORES.values()], zip(*flat, strict=True), strict=True))
    numbers("Every run's scores as a table", columns, f"remedies-{key}")


def _who(who: str, result: Scored) -> str:
    return f"**{label(who)}**" if who in result else f"*{label(who)}*"


def _seeds(who: str, result: Scored) -> str:
    return str(len(result[who])) if who in result else "–"


def _mean(of_seed: dict[int, RareScores], score: str) -> float:
    return spread([getattr(it, score) for it in of_seed.values()]).mean


def results_row(of_seeds: list[RareScores]) -> list[str]:
    """A cell for each score."""
    return [_over_seeds([getattr(it, name) for it in of_seeds]) for name in SCORES]


def _over_seeds(values: list[float]) -> str:
    existing = [value for value in values if not np.isnan(value)]
    if not existing:
        return "–"
    it = spread(existing)
    low, high = (share(value).split("\N{NO-BREAK SPACE}")[0] for value in (it.low, it.high))
    scatter = f" :small[({low}–\N{WORD JOINER}{high})]" if low != high else ""
    return f"**{share(it.mean)}**{scatter}"
