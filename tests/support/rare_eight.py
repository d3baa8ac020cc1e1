"""The curriculum's stand-in for rare classes: 1,000 MNIST digits of each kind, of the 8 only 30, and a small CNN."""

from core.data.preparation.class_imbalance import Counts
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe


RARE = 8


def experiment(seed: int = 1, steps: int = 700) -> Experiment:
    """Which digits are kept depends on the seed; 2,000 others validate, all 10,000 test digits judge."""
    layers = [
        Conv2D(maps=8, kernel=5),
        Activation(function="relu"),
        Pool(window=2),
        Conv2D(maps=16, kernel=5),
        Activation(function="relu"),
        Pool(window=2),
        Flatten(),
        Dense(units=10),
    ]
    return Experiment(
        title="rare eight",
        data=DataRecipe(
            name="mnist",
            train=50_000,
            validation=2_000,
            order="random",
            imbalance=Counts(keep={RARE: 30}, others=1000),
        ),
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(optimizer=Adam(rate=0.001), batch_size=64, epochs=1000, steps=steps),
        seed=seed,
    )
