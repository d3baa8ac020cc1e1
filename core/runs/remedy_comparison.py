"""Runs that differ only in the remedy against class imbalance and the seed, and their predictions."""

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
"""{remedy: {seed: run}}"""


def comparison(runs: list[Run]) -> Repeated | None:
    """The runs by remedy and seed. None unless there are at least two runs that differ only in remedy and seed, with
    one run for each pair, on one backend and device."""
    by_remedy: Repeated = {}
    for run in sorted(runs, key=lambda run: (run.experiment.seed, run.created)):
        if (remedy := remedy_of(run.experiment)) is None:
            return None
        by_remedy.setdefault(remedy, {})[run.experiment.seed] = run
    same = {(_bare(run.experiment), run.backend, run.device) for run in runs}
    each_once = sum(map(len, by_remedy.values())) == len(runs)
    return by_remedy if len(runs) > 1 and len(same) == 1 and each_once else None


def groups(runs: list[Run]) -> dict[str, Repeated]:
    """{group: comparison} for every group with at least two remedies, in the order of `runs`."""
    by_group: dict[str, list[Run]] = {}
    for run in runs:
        by_group.setdefault(run.group, []).append(run)
    comparisons = {group: comparison(members) for group, members in by_group.items()}
    return {group: one for group, one in comparisons.items() if one is not None and len(one) > 1}


def said(runs: dict[int, Run], part: str) -> dict[int, Predictions]:
    """The predictions for a part, by seed; only of runs that have finished with finite outputs."""
    loaded = {seed: predictions.load(run.predictions_path, part) for seed, run in runs.items()}
    return {seed: one for seed, one in loaded.items() if one is not None and np.isfinite(one.logits).all()}


def learnt_shares(experiment: Experiment, training_counts: Array) -> Array:
    """(K,) how common each class was in training, as the network saw it: its number of images times its class weight.
    With balanced batches or logit adjustment, all classes that occur count as equally common."""
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
