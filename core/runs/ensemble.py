"""A vote of several runs: the mean of their probabilities (the last step of chapter 6 of Nielsen's book: five nets)."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.numerics import losses
from core.recipe.losses import CrossEntropy
from core.runs import predictions
from core.runs.folder import Run, RunError
from core.runs.predictions import Predictions


LOSS = CrossEntropy()
"""How the logits of a vote are read: their softmax is the mean of the probabilities again."""
LEAST = float(np.finfo(np.float64).tiny)


def voted(members: Sequence[Array]) -> Array:
    """The probabilities (N, K) of each member -> those of the vote (N, K), their mean. Raises RunError if the members
    have different numbers of classes or of images."""
    images, classes = ({member.shape[axis] for member in members} for axis in (0, 1))
    if len(classes) > 1:
        raise RunError(f"networks with {' and '.join(map(str, sorted(classes)))} classes cannot vote together")
    if len(images) > 1:
        raise RunError("networks that have answered for different images cannot vote together")
    mean: Array = np.mean(np.stack(members).astype(np.float64), axis=0)
    return mean


def vote(runs: Sequence[Run], members: Sequence[Predictions]) -> Predictions:
    """The predictions of each run for the same images in the same order -> those of the vote. Its logits are the
    logarithms of the mean probabilities; its training counts are the sums over the runs. Raises RunError."""
    each = [
        losses.probabilities(run.experiment.training.loss, member.logits.astype(np.float64))
        for run, member in zip(runs, members, strict=True)
    ]
    logits = np.log(np.maximum(voted(each), LEAST))
    counts = np.sum([member.training_counts for member in members], axis=0)
    return Predictions(logits, members[0].labels, members[0].rows, counts)


def in_the_order_of(first: Predictions, leader: Run, run: Run, part: str) -> Predictions:
    """The predictions of `run` for the images of `first`, which `leader` has made, in their order. Raises RunError with
    the reason if the two cannot vote together; the reason begins with what is wrong with `run`."""
    data, wanted = run.experiment.data.name, leader.experiment.data.name
    if data != wanted:
        raise RunError(f"it was trained on {data}, not on {wanted}")
    other = predictions.load(run.predictions_path, part)
    if other is None or not np.isfinite(other.logits).all():
        raise RunError(f"it has no {part} predictions that can be read; train it again")
    if other.logits.shape[1] != first.logits.shape[1]:
        raise RunError(f"it has {other.logits.shape[1]} classes, not {first.logits.shape[1]}")
    mine, its = np.argsort(first.rows, kind="stable"), np.argsort(other.rows, kind="stable")
    if not np.array_equal(first.rows[mine], other.rows[its]):
        raise RunError(
            f"its {part} images are others, because its seed or its data recipe divides the data differently"
        )
    order = np.empty_like(its)
    order[mine] = its
    if not np.array_equal(first.labels, other.labels[order]):
        raise RunError(f"its {part} images have other labels")
    return Predictions(other.logits[order], first.labels, first.rows, other.training_counts)
