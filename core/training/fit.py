"""Build and train a model in one call, for measurements that do not need a run folder."""

from core.backend import Backend, Model
from core.data.prepared import Prepared
from core.experiment.experiment import Experiment
from core.network.initial_weights import initial_weights
from core.training.loop import check, steps


def new_model(backend: Backend, experiment: Experiment, device: str = "cpu") -> Model:
    """A model with the experiment's initial weights."""
    recipe = experiment.training
    weights = initial_weights(experiment.network, experiment.seed, recipe.precision)
    return backend.build(experiment.network, weights, recipe, device)


def fit(backend: Backend, experiment: Experiment, data: Prepared, device: str = "cpu") -> Model:
    """A new model after all steps of the recipe, with no validation on the way. Raises ExperimentError or NetworkError
    if the network does not fit the data, TrainingError if the loss is not a finite number."""
    check(experiment, data)
    model = new_model(backend, experiment, device)
    for _ in steps(model, data, experiment):
        pass
    return model
