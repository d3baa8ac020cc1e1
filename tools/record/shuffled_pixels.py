"""What a fixed permutation of the pixels does to a dense and to a convolutional network on MNIST."""

from dataclasses import replace

from core.data.dataset import Dataset
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.demos.images.pixel_permutation import shuffled
from core.experiment.experiment import Experiment
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe
from tools.record.training import accuracy, computed_by, mnist, trained


BACKEND, SEED = "pytorch", 1
TRAIN, EPOCHS = 20_000, 5
LAYERS = {
    "dense": [
        Flatten(name="flat"),
        Dense(name="hidden", units=100),
        Activation(name="relu", function="relu"),
        Dense(name="logits", units=10),
    ],
    "cnn": [
        *(Conv2D(name="conv1", filters=16, kernel_size=(5, 5)), Activation(name="relu1", function="relu")),
        Pool(name="pool1"),
        *(Conv2D(name="conv2", filters=32, kernel_size=(3, 3)), Activation(name="relu2", function="relu")),
        Pool(name="pool2"),
        *(Flatten(name="flat"), Dense(name="logits", units=10)),
    ],
}


def shuffled_pixels() -> dict:
    """The fields of RecordedArrays."""
    plain = mnist()
    other = replace(plain, images=shuffled(plain.images, SEED))
    numbers = {name: [round(test_accuracy(name, data), 4) for data in (plain, other)] for name in LAYERS}
    return {**computed_by(BACKEND), "experiment": experiment("cnn"), "numbers": numbers}


def experiment(name: str) -> Experiment:
    return Experiment(
        title=f"{name}, to compare with shuffled pixels",
        data=DataRecipe(name="mnist", train=TRAIN, validation=1000),
        network=Network(input_shape=(1, 28, 28), layers=LAYERS[name]),
        training=TrainingRecipe(optimizer=Adam(learning_rate=0.001), batch_size=64, epochs=EPOCHS),
        seed=SEED,
    )


def test_accuracy(name: str, dataset: Dataset) -> float:
    recipe = experiment(name)
    data = prepare(dataset, recipe.data, recipe.seed)
    return accuracy(trained(BACKEND, recipe, data), data.test.x, data.test.y)
