"""Runs that differ in nothing but remedy and seed: who they are, and what their networks said."""

import numpy as np

from core.arrays import Array
from core.data.preparation.class_resampling import NoBalance
from core.experiment.experiment import Experiment
from core.experiment.imbalance_remedies import remedy_of
from core.recipe.class_weights import EqualWeights, of_classes
from core.recipe.losses import CrossEntropy, LogitAdjusted
from core.runs import predictions
from core.runs.folder import Run
from core.runs.predictions import Predictions


Repeated = dict[str, dict[int, Run]]
"""By remedy, then by seed."""


def comparison(runs: list[Run]) -> Repeated | None:
    """None unless there are two runs or more, all of one experiment but for remedy and seed, one run each, on one
    backend and device."""
    scores: Repeated = {}
    for run in sorted(runs, key=lambda run: (run.experiment.seed, run.created)):
        if (remedy := remedy_of(run.experiment)) is None:
            return None
        scores.setdefault(remedy, {})[run.experiment.seed] = run
    same = {(_bare(run.experiment), run.backend, run.device) for run in runs}
    each_once = sum(map(len, scores.values())) == len(runs)
    return scores if len(runs) > 1 and len(same) == 1 and each_once else None


def groups(runs: list[Run]) -> dict[str, Repeated]:
    """The comparisons of at least two remedies, by group, in the order of `runs`."""
    by_group: dict[str, list[Run]] = {}
    for run in runs:
        by_group.setdefault(run.group, []).append(run)
    result = {group: comparison(those) for group, those in by_group.items()}
    return {group: it for group, it in result.items() if it is not None and len(it) > 1}


def said(runs: dict[int, Run], part: str) -> dict[int, Predictions]:
    """By seed, of the runs that have finished."""
    result = {seed: predictions.load(run.predictions_path, part) for seed, run in runs.items()}
    return {seed: it for seed, it in result.items() if it is not None and np.isfinite(it.logits).all()}


def learnt_shares(experiment: Experiment, training_counts: Array) -> Array:
    """(K,) how common each class was for the network: as often as it trained with it, times its weight. Where batches were
    balanced or logits adjusted, all that occur were equally common."""
    recipe = experiment.training
    if recipe.order == "balanced" or isinstance(recipe.loss, LogitAdjusted):
        return (training_counts > 0).astype(float)
    return training_counts * of_classes(recipe.class_weights, training_counts)


def _bare(experiment: Experiment) -> str:
    """The hash of everything but seed and remedy."""
    data = experiment.data.model_copy(update={"balance": NoBalance()})
    equal = {"class_weights": EqualWeights(), "order": "shuffled", "loss": CrossEntropy()}
    training = experiment.training.model_copy(update=equal)
    return experiment.model_copy(update={"seed": 0, "data": data, "training": training}).hash
