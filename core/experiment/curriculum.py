"""Experiments whose results the curriculum quotes; benchmarks, recordings and tests train them again."""

from typing import Any

from core.data.preparation.class_imbalance import Counts
from core.data.recipe import DataRecipe
from core.experiment import presets
from core.experiment.experiment import Experiment, changed
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe


NETWORKS = {
    "dense": ("network3-dense", 60, 10),
    "conv20": ("network3-first-cnn", 40, 5),
    "2 conv": ("network3-two-conv", 30, 3),
    "2 conv ReLU": ("network3-two-conv-relu", 15, 3),
}
"""The digit networks tested on changed images: preset, epochs of the original training, epochs of a quick one."""
QUICK = {"training.optimizer.kind": "adam", "training.batch_size": 64}
RARE = 8
"""The digit that is made rare."""


def nielsen(preset: str, epochs: int, **fields: Any) -> Experiment:
    """A preset on Nielsen's split of MNIST: 50,000 digits for training, 10,000 for validation and 10,000 for the test,
    in file order."""
    split = {"data.train": 50_000, "data.validation": 10_000, "data.test": 10_000, "training.epochs": epochs}
    return changed(presets.experiment(preset, "mnist"), **split, **fields)


def digit_network(name: str, epochs: int | None = None, quick: bool = False) -> Experiment:
    """One of NETWORKS. Quick: a network of the same size, with ReLU, Adam and batches of 64, trained in minutes."""
    preset, known, few = NETWORKS[name]
    experiment = nielsen(preset, epochs or (few if quick else known))
    return changed(experiment, **QUICK, **_with_relu(experiment)) if quick else experiment


def small_cnn(classes: int, title: str, data: DataRecipe, seed: int = 1, steps: int = 700) -> Experiment:
    """Two convolutions with pools and one dense layer, for images of 1 x 28 x 28; Adam."""
    block = [Activation(function="relu"), Pool(window=2)]
    layers = [
        Conv2D(filters=8, kernel_size=5),
        *block,
        Conv2D(filters=16, kernel_size=5),
        *block,
        Flatten(),
        Dense(units=classes),
    ]
    return Experiment(
        title=title,
        data=data,
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(optimizer=Adam(learning_rate=0.001), batch_size=64, epochs=1000, steps=steps),
        seed=seed,
    )


def rare_eight(seed: int = 1) -> Experiment:
    """1,000 MNIST digits of each class, but only 30 eights, drawn by the seed; 2,000 other digits for validation and
    all 10,000 test digits."""
    imbalance = Counts(keep={RARE: 30}, others=1000)
    data = DataRecipe(name="mnist", train=50_000, validation=2_000, order="random", imbalance=imbalance)
    return small_cnn(10, "rare eight", data, seed)


def _with_relu(experiment: Experiment) -> dict[str, str]:
    layers = enumerate(experiment.network.layers)
    return {f"network.layers.{index}.function": "relu" for index, layer in layers if layer.kind == "activation"}
