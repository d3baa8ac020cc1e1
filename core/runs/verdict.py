"""One sentence of verdict on a run: what its curves say, and the lesson that explains it."""

from dataclasses import dataclass
from math import log
from typing import Any, Literal

import numpy as np

from core.metrics.baselines import baselines
from core.network.shapes import outline
from core.recipe.losses import CrossEntropy
from core.runs import predictions
from core.runs.folder import Run


Kind = Literal["diverged", "learned nothing", "overfits", "still falling", "fine"]

CHANCE_ERRORS = 3.0
"""An accuracy this many standard errors above the best guesser's is no accident."""
RISEN, RISING_EPOCHS = 1.1, 2
"""Overfitting: the validation loss is this many times its lowest value, at least so many epochs after it, while the
training loss has fallen."""
FALLING = 0.98
"""Still falling: the last epoch's validation loss is at most this share of the one before."""
DIVERGED = 1.5
"""The last losses are this many times the first ones."""


@dataclass(frozen=True)
class Verdict:
    kind: Kind
    sentence: str
    lesson: str
    """The id of the lesson that explains it; "" if none does."""


def verdict(run: Run) -> Verdict | None:
    """What the events so far say; None before the first report, and while the run goes on, unless it has diverged.
    Computes nothing from images."""
    read = run.reading
    losses = np.array([np.nan if value is None else value for value in read.losses], float)
    if not len(losses):
        return None
    if not np.isfinite(losses[-1]) or _risen(losses):
        return _diverged(losses)
    if not run.status().ended:
        return None
    epochs = [epoch for epoch in run.epochs() if epoch["validation"]]
    measured = ((read.last or {}).get("result") or {}).get("test") or (epochs[-1]["validation"] if epochs else {})
    if not measured:
        return None
    if (nothing := _learned_nothing(run, measured)) is not None:
        return nothing
    if (overfits := _overfits(epochs)) is not None:
        return overfits
    if len(epochs) > 1 and epochs[-1]["validation"]["loss"] < FALLING * epochs[-2]["validation"]["loss"]:
        return Verdict(
            "still falling",
            f"Still improving: the validation loss fell from {epochs[-2]['validation']['loss']:.3g} to "
            f"{epochs[-1]['validation']['loss']:.3g} in the last epoch. Train longer.",
            "l14",
        )
    return Verdict(
        "fine", f"It has learned: {100 * measured['accuracy']:.1f} % right on images it was not trained on.", "l18"
    )


def _risen(losses: np.ndarray) -> bool:
    """Compares the median of the last tenth with that of the first ten losses."""
    last = losses[-max(1, len(losses) // 10) :]
    return len(losses) > 20 and bool(np.median(last) > DIVERGED * np.median(losses[:10]))


def _diverged(losses: np.ndarray) -> Verdict:
    if np.isfinite(losses[-1]):
        what = f"The loss has risen from {losses[0]:.3g} to {losses[-1]:.3g}"
    else:
        what = f"The loss is no longer a number, from step {int(np.argmin(np.isfinite(losses))) + 1:,} on"
    return Verdict("diverged", f"Diverged. {what}: the learning rate is too large for this network.", "l14")


def _learned_nothing(run: Run, measured: dict[str, float]) -> Verdict | None:
    counts = predictions.class_counts(run.predictions_path, "test")
    classes = len(counts[0]) if counts else max(2, outline(run.experiment.network)[-1].output[0])
    images = int(counts[0].sum()) if counts else 1000
    best = baselines(*counts).majority if counts else 1 / classes
    spread = CHANCE_ERRORS * (best * (1 - best) / max(images, 1)) ** 0.5
    if measured["accuracy"] > best + spread:
        return None
    chance = ""
    if isinstance(run.experiment.training.loss, CrossEntropy) and abs(measured["loss"] - log(classes)) < 0.05:
        chance = f", and a loss of {measured['loss']:.3f} is that of guessing: ln {classes} = {log(classes):.3f}"
    return Verdict(
        "learned nothing",
        f"Learned nothing: {100 * measured['accuracy']:.1f} % right; always the same answer gets {100 * best:.1f} %"
        f"{chance}.",
        "l13",
    )


def _overfits(epochs: list[dict[str, Any]]) -> Verdict | None:
    losses = [epoch["validation"]["loss"] for epoch in epochs]
    if len(losses) < 3:
        return None
    best = int(np.argmin(losses))
    before, now = epochs[best]["training_loss"], epochs[-1]["training_loss"]
    if (
        len(losses) - 1 - best < RISING_EPOCHS
        or losses[-1] < RISEN * losses[best]
        or before is None
        or now is None
        or now >= before
    ):
        return None
    return Verdict(
        "overfits",
        f"Overfits since epoch {epochs[best]['epoch']}: the validation loss has risen from {losses[best]:.3g} to "
        f"{losses[-1]:.3g} while the training loss kept falling. Stop earlier, or regularise.",
        "l15",
    )
