"""Records what a fixed shuffle of the pixels does to a dense and to a convolutional network on MNIST.

CONVSCOPE_DATA=FOLDER python tools/record/shuffled_pixels.py     writes pages/recorded/arrays/shuffled-pixels.json
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import backends  # noqa: E402
from core.data import catalogue  # noqa: E402
from core.data.dataset import Dataset  # noqa: E402
from core.data.prepared import prepare  # noqa: E402
from core.data.recipe import DataRecipe  # noqa: E402
from core.demos.images.pixel_permutation import shuffled  # noqa: E402
from core.experiment.experiment import Experiment
from core.network.initial_weights import initial_weights  # noqa: E402
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool  # noqa: E402
from core.network.network import Network  # noqa: E402
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe  # noqa: E402
from core.recordings.arrays import RecordedArrays  # noqa: E402
from core.training.loop import steps  # noqa: E402


BACKEND, SEED = "pytorch", 1
TRAIN, EPOCHS = 20_000, 5
LAYERS = {
    "dense": [
        Flatten(name="flat"),
        Dense(name="hidden", units=100),
        Activation(name="bend", function="relu"),
        Dense(name="logits", units=10),
    ],
    "cnn": [
        *(Conv2D(name="conv1", maps=16, kernel=(5, 5)), Activation(name="bend1", function="relu")),
        Pool(name="pool1"),
        *(Conv2D(name="conv2", maps=32, kernel=(3, 3)), Activation(name="bend2", function="relu")),
        Pool(name="pool2"),
        *(Flatten(name="flat"), Dense(name="logits", units=10)),
    ],
}


def main() -> None:
    if lacking := catalogue.missing("mnist"):
        sys.exit(lacking)
    started, plain = time.perf_counter(), catalogue.load("mnist")
    found = {}
    for name in LAYERS:
        found[name] = [round(accuracy(name, data), 4) for data in (plain, pixels_shuffled(plain))]
        print(name, found[name], flush=True)
    made = RecordedArrays(
        name="shuffled-pixels",
        experiment=experiment("cnn"),
        backend=backends.about(BACKEND).LABEL,
        version=backends.load(BACKEND).version(),
        device="cpu",
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command="python tools/record/shuffled_pixels.py",
        seconds=round(time.perf_counter() - started, 1),
        numbers=found,
    )
    (ROOT / "pages" / "recorded" / "arrays" / "shuffled-pixels.json").write_text(made.model_dump_json() + "\n")


def pixels_shuffled(data: Dataset) -> Dataset:
    return Dataset(
        name=data.name,
        label=data.label,
        pictures=shuffled(data.pictures, SEED),
        labels=data.labels,
        class_names=data.class_names,
        parts=data.parts,
        source=data.source,
    )


def experiment(name: str) -> Experiment:
    return Experiment(
        title=f"{name}, to compare with shuffled pixels",
        data=DataRecipe(name="mnist", train=TRAIN, validation=1000),
        network=Network(input_shape=(1, 28, 28), layers=LAYERS[name]),
        training=TrainingRecipe(optimizer=Adam(rate=0.001), batch_size=64, epochs=EPOCHS),
        seed=SEED,
    )


def accuracy(name: str, pictures: Dataset) -> float:
    """Of the test pictures, after training."""
    made = experiment(name)
    data = prepare(pictures, made.data, made.seed)
    weights = initial_weights(made.network, made.seed)
    model = backends.load(BACKEND).build(made.network, weights, made.training, "cpu")
    model.load(data.train.x, data.train.y)
    for _ in steps(model, data, made):
        pass
    return float((model.predict(data.test.x).argmax(axis=1) == data.test.y).mean())


if __name__ == "__main__":
    main()
