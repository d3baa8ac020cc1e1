"""A run's results beside those of three guessing baselines."""

import numpy as np
import streamlit as st

from core.figures.scores import shares
from core.formulas import measures as measure_formulas
from core.metrics.baselines import Baselines, baselines, uniform_loss
from core.metrics.evaluation import Evaluation
from core.ratio import error
from core.recipe.losses import applied_within
from core.runs import predictions
from core.runs.folder import Run
from core.runs.predictions import Predictions
from pages.ui.formatting import share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers
from pages.ui.tables import table


PARTS = {"test": "Test", "validation": "Validation", "train": "Training"}
BASELINES = {"majority": "majority", "prior": "prior-matched", "uniform": "uniform"}
UNKNOWN = Baselines(np.nan, np.nan, np.nan)


def parts_beside_baselines(run: Run) -> None:
    """Loss, accuracy and error of every data set part, and the accuracy of three baselines that ignore the image."""
    result = run.status().result or {}
    results = {part: predictions.load(run.predictions_path, part) for part in PARTS if result.get(part)}
    measured = [(PARTS[part], result[part], recording) for part, recording in results.items()]
    if best := run.reading.at_best:
        measured.append((f"Test at the best validation epoch ({best['epoch']})", best["test"], results.get("test")))
    guesses = [guessing_baselines(recording) if recording else UNKNOWN for _, _, recording in measured]
    columns = {
        "part": [part for part, _, _ in measured],
        "accuracy": [values["accuracy"] for _, values, _ in measured],
        "error": [error(values["accuracy"]) for _, values, _ in measured],
        **{word: [getattr(guess, name) for guess in guesses] for name, word in BASELINES.items()},
        "loss": [values["loss"] for _, values, _ in measured],
        "images": [len(recording.labels) if recording else np.nan for _, _, recording in measured],
    }
    rows = [
        [f"**{part}**", *map(_share, shares_), _loss(loss), _count(images)]
        for part, *shares_, loss, images in zip(*columns.values(), strict=True)
    ]
    table(list(columns), rows, "Loss, accuracy and error of every part beside three baselines")
    classes = max((recording.logits.shape[1] for recording in results.values() if recording), default=0)
    limit = f"Predictions are not stored for more than {predictions.MOST_TRAINING:,} training images (–)."
    st.markdown(
        ":small[Three baselines that never look at the image. Majority: always the most frequent training class. "
        "Prior-matched: each class as often as in training. Uniform: every class equally often"
        + (f", with a loss of {_uniform_loss(run, classes)}. " if classes else ". ")
        + f"{limit if None in results.values() else ''}]"
    )
    numbers("Results and baselines with all digits", columns, f"result-{run.id}")


def bars(judged: Evaluation, result: Predictions, key: str) -> None:
    guess, accuracy = guessing_baselines(result), float(np.mean(judged.right))
    names = ["this network", *(f"{word} guess" for word in BASELINES.values())]
    values = [accuracy, *(getattr(guess, name) for name in BASELINES)]
    chart(
        shares(names, values),
        f"guessing-{key}",
        "What the network has learned is its lead over the longest grey bar",
        "Accuracy: " + ", ".join(f"{name} {share(value)}" for name, value in zip(names, values, strict=True)) + ".",
        210,
    )
    formula = measure_formulas.prior_matched(judged.counts, result.training_counts, guess.prior)
    st.markdown(
        f":small[Prior-matched: ${formula}$, where π is each class's share of the training images and q its share of "
        "these images.]"
    )
    numbers("The bars as a table", {"predictor": names, "accuracy": values}, f"guessing-{key}")


def guessing_baselines(result: Predictions) -> Baselines:
    return baselines(Evaluation(result.logits, result.labels).counts, result.training_counts)


def _count(images: float) -> str:
    return "–" if np.isnan(images) else f"{images:,}"


def _loss(loss: float | None) -> str:
    return "not finite" if loss is None else f"{loss:.4f}"


def _uniform_loss(run: Run, classes: int) -> str:
    loss = run.experiment.training.loss
    return (f"ln {classes} = " if applied_within(loss) == "softmax" else "") + f"{uniform_loss(classes, loss):.4f}"


def _share(part: float | None) -> str:
    return share(np.nan if part is None else part)
