"""A search over learning rate and batch size, each pair evaluated by cross-validation."""

from dataclasses import replace

import numpy as np

from core.data.prepared import Part, Prepared
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.layers import Activation, Dense, Flatten
from core.network.network import Network
from core.random import generator
from core.recipe.optimizers import SGD
from core.recipe.training import TrainingRecipe
from core.training.loop import outputs
from tools.record.training import computed_by, prepared, rounded, trained


BACKEND = "pytorch"
TRAIN, FOLDS, HIDDEN = 1000, 4, 32
RATES, BATCHES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0), (8, 16, 32, 64, 128)


def search() -> dict:
    """The fields of Measured."""
    data = prepared(_experiment(RATES[0], BATCHES[0]))
    results = [[[_fold(data, rate, batch, fold) for fold in range(FOLDS)] for batch in BATCHES] for rate in RATES]
    what = (
        f"the first {TRAIN:,} MNIST digits, a dense network with {HIDDEN} hidden units, five epochs; "
        f"{len(RATES)} learning rates times {len(BATCHES)} batch sizes, each evaluated by {FOLDS}-fold cross-validation"
    )
    numbers = {"rates": list(RATES), "batches": list(BATCHES), "accuracy": rounded(results)}
    experiment = _experiment(RATES[3], BATCHES[2])
    return {**computed_by(BACKEND), "what": what, "experiment": experiment, "numbers": numbers}


def _experiment(learning_rate: float, batch: int) -> Experiment:
    layers = [Flatten(), Dense(units=HIDDEN), Activation(function="relu"), Dense(units=10)]
    return Experiment(
        title=f"search: learning rate {learning_rate:g}, batch size {batch}",
        data=DataRecipe(name="mnist", train=TRAIN, validation=0),
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(optimizer=SGD(learning_rate=learning_rate), batch_size=batch, epochs=5),
        seed=1,
    )


def _fold(data: Prepared, rate: float, batch: int, fold: int) -> float:
    """The accuracy on one fold of a network trained on all others. The folds are random: MNIST's file alternates
    between two groups of writers, so every k-th digit would come from a single group."""
    left_out = generator(1, "folds").permutation(TRAIN) % FOLDS == fold
    parts = (Part(data.train.x[rows], data.train.y[rows], data.train.rows[rows]) for rows in (~left_out, left_out))
    train, validation = parts
    model = trained(BACKEND, _experiment(rate, batch), replace(data, train=train))
    return float(np.mean(outputs(model, validation).argmax(axis=1) == validation.y))
