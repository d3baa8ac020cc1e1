"""A small experiment on the embedded digits that trains in a second, for tests that need a real run."""

from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.layers import Activation, BatchNorm, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe


def small_experiment(
    epochs: int = 2,
    batch_size: int = 32,
    precision: str = "float64",
    train: int = 200,
    seed: int = 1,
    normalised: bool = False,
    **training,
) -> Experiment:
    """A CNN with dropout and Adam, so that masks, order and slots all matter; optionally with batch norm, so that
    running statistics matter, too."""
    layers = [
        Conv2D(
            filters=4, kernel_size=3, bias="none" if normalised else "per channel"
        ),  # Adam would make steps of its rounding
        *([BatchNorm(momentum=0.8)] if normalised else []),
        Activation(function="relu"),
        Pool(window=2),
        Flatten(),
        Dropout(rate=0.3),
        Dense(units=10),
    ]
    return Experiment(
        title="small",
        data=DataRecipe(name="digits-16x16", train=train, validation=50, test=50),
        network=Network(input_shape=(1, 16, 16), layers=layers),
        training=TrainingRecipe(
            optimizer=Adam(learning_rate=0.01), batch_size=batch_size, epochs=epochs, precision=precision, **training
        ),
        seed=seed,
    )
