"""A small experiment on the embedded digits, for tests that need data prepared from a recipe."""

from backends.contract.networks import act, conv, network
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.layers import BatchNorm, Dense, Dropout, Flatten, Pool
from core.recipe.optimizers import Momentum
from core.recipe.training import TrainingRecipe


def digits_experiment(epochs: int, batch_size: int, train: int, normalised: bool = False, **training) -> Experiment:
    """A CNN with dropout on `train` digits of 16 x 16 cells, in float64; with batch norm if `normalised`.
    Momentum, because Adam's first steps magnify rounding."""
    layers = [
        conv(4, bias="none" if normalised else "per channel"),
        *([BatchNorm(momentum=0.8)] if normalised else []),
        act("relu"),
        Pool(window=2),
        Flatten(),
        Dropout(rate=0.3),
        Dense(units=10),
    ]
    recipe = {
        "optimizer": Momentum(learning_rate=0.02),
        "batch_size": batch_size,
        "epochs": epochs,
        "precision": "float64",
    }
    return Experiment(
        data=DataRecipe(name="digits-16x16", train=train, validation=50, test=50),
        network=network(*layers, shape=(1, 16, 16)),
        training=TrainingRecipe(**recipe | training),
        seed=1,
    )
