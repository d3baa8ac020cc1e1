"""A look inside two small dense networks."""

import numpy as np

import backends
from core.backend import Model
from core.data.prepared import Prepared
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.initializers import Zeros
from core.network.layers import Activation, Dense, Flatten
from core.network.network import Network
from core.recipe.optimizers import SGD, Adam
from core.recipe.training import TrainingRecipe
from core.recordings.arrays import packed
from core.training.fit import new_model
from core.training.loop import steps_per_epoch
from tools.record.training import accuracy, at_steps, computed_by, listed, prepared


BACKEND = "reference"
STEPS = (0, 1, 10, 100, 390, 1170)
SHAPE, CLASSES = (1, 28, 28), 10


def weight_images() -> dict:
    layers = [Flatten(name="flat"), Dense(name="templates", units=CLASSES, weights=Zeros(), biases=Zeros())]
    recipe = TrainingRecipe(optimizer=SGD(learning_rate=0.5), batch_size=128, epochs=3, drop_last=True)
    experiment, data, model = built("one dense layer on MNIST", layers, recipe, 50_000, 10_000)
    x, y = data.train.x.reshape(len(data.train), -1), data.train.y
    means = np.stack([x[y == label].mean(axis=0) for label in range(CLASSES)])
    chosen = two_of_each(data.test)
    weights, right, logits = [], [], []
    for _ in at_steps(model, data, experiment, STEPS):
        weights.append(model.state().weights["templates.weights"])
        right.append(accuracy(model, data.test.x, data.test.y))
        logits.append(model.predict(data.test.x[chosen]))
    result = {f"weights-{step}": w for step, w in zip(STEPS, weights, strict=True)}
    result |= {"means": means, "mean": x.mean(axis=0), "images": data.test.x[chosen].reshape(len(chosen), -1)}
    like = {"like-means": means, "like-differences": means - x.mean(axis=0)}
    numbers = {"steps": STEPS, "accuracy": right, "labels": data.test.y[chosen], "logits": np.stack(logits)}
    numbers |= {name: [alike(w, of) for w in weights] for name, of in like.items()}
    return _fields(experiment, result, numbers)


def activation_patterns() -> dict:
    layers = [
        Flatten(name="flat"),
        *(Dense(name="hidden1", units=16), Activation(name="first", function="sigmoid")),
        *(Dense(name="hidden2", units=12), Activation(name="second", function="sigmoid")),
        Dense(name="logits", units=CLASSES),
    ]
    recipe = TrainingRecipe(optimizer=Adam(learning_rate=0.003), batch_size=64, epochs=6)
    experiment, data, model = built("two hidden layers on MNIST", layers, recipe, 20_000, 5_000)
    *_, end = at_steps(model, data, experiment, (recipe.epochs * steps_per_epoch(recipe, len(data.train)),))
    chosen = two_of_each(data.test)
    seen = model.activations(data.test.x[chosen])
    result = {"images": data.test.x[chosen].reshape(len(chosen), -1)}
    numbers = {name: seen[name] for name in ("first", "second", "logits")}
    right = [accuracy(model, data.test.x, data.test.y)]
    return _fields(experiment, result, numbers | {"labels": data.test.y[chosen], "accuracy": right, "steps": [end]})


def _fields(experiment: Experiment, arrays: dict, numbers: dict) -> dict:
    """The fields of RecordedArrays."""
    return {
        **computed_by(BACKEND),
        "experiment": experiment,
        "packed": {name: packed(values) for name, values in arrays.items()},
        "numbers": listed(numbers, 4),
    }


def built(
    title: str, layers: list, recipe: TrainingRecipe, train: int, validation: int
) -> tuple[Experiment, Prepared, Model]:
    experiment = Experiment(
        title=title,
        data=DataRecipe(name="mnist", train=train, validation=validation),
        network=Network(input_shape=SHAPE, layers=layers),
        training=recipe,
    )
    return experiment, prepared(experiment), new_model(backends.load(BACKEND), experiment)


def two_of_each(part) -> np.ndarray:
    """The positions of the first two images of every class, class by class."""
    return np.concatenate([np.flatnonzero(part.y == label)[:2] for label in range(CLASSES)])


def alike(weights: np.ndarray, of: np.ndarray) -> float:
    """The correlation of each class's weight image with another image, averaged over the classes; 0 for a constant
    weight image."""
    pairs = zip(weights, of, strict=True)
    return float(np.mean([np.corrcoef(a, b)[0, 1] if np.ptp(a) else 0.0 for a, b in pairs]))
