"""How far backends diverge on the same experiment: the losses of the first steps and the weights after them."""

import numpy as np

from core.backend import Backend, Weights
from core.data import catalogue
from core.data.prepared import prepare
from core.experiment.experiment import Experiment
from core.network.initial_weights import initial_weights
from core.recipe.schedules import ReduceOnPlateau
from core.training.loop import StepsMade, check, check_memory, steps, train


def first_steps(backend: Backend, experiment: Experiment, device: str = "cpu") -> tuple[list[float], Weights]:
    """The loss of every step of the experiment and the weights after the last one; writes no files."""
    recipe = experiment.training
    data = prepare(catalogue.load(experiment.data.name), experiment.data, experiment.seed, recipe.precision)
    check(experiment, data)
    check_memory(experiment, len(data.train.y))
    weights = initial_weights(experiment.network, experiment.seed, recipe.precision)
    model = backend.build(experiment.network, weights, recipe, device)
    run = train if isinstance(recipe.schedule, ReduceOnPlateau) else steps  # only a plateau schedule needs validation
    reports = [report for report in run(model, data, experiment) if isinstance(report, StepsMade)]
    losses = [loss for report in reports for loss in report.losses.tolist()]
    return losses, model.state().weights


def largest_difference(first: Weights, second: Weights) -> float:
    """max |a - b| over all weights and biases."""
    return max(float(np.max(np.abs(first[name] - second[name]))) for name in first)
