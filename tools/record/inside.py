"""A look inside a small convolutional network that has learned MNIST.

The weights are rounded to the 255 levels of the recording, and everything shown is computed from the rounded weights.
"""

from typing import Any

import numpy as np

import backends
from core.backend import Model, State
from core.data.prepared import Prepared
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.explain.activation_maximization import Ascent, ascend, variation
from core.explain.attribution import occlusion, signed_gradient
from core.explain.top_patches import purity, seen_by, strongest
from core.network.costs import costs
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.numerics.losses import softmax
from core.random import generator
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe
from core.recordings.arrays import packed
from core.training.fit import new_model
from tools.record.training import accuracy, at_steps, computed_by, listed, prepared


BACKEND = "pytorch"
STEPS = (0, 5, 20, 80, 300, 782, 1564, 2346)
ACCURACY_IMAGES = 5000
"""How many images of a part its accuracy is measured on."""
NINE = 9
SQUARE = 7
SETTINGS = {
    "plain": Ascent(),
    "decay": Ascent(decay=0.02),
    "blur": Ascent(blur=0.6),
    "both": Ascent(decay=0.02, blur=0.6),
}
FRAMES = (10, 40, 200)
FILTERS = {"conv1": 8, "conv2": 16}
LAYERS: list[Any] = [
    *(
        Conv2D(name="conv1", filters=FILTERS["conv1"], kernel_size=5),
        Activation(name="relu1", function="relu"),
        Pool(name="pool1"),
    ),
    *(
        Conv2D(name="conv2", filters=FILTERS["conv2"], kernel_size=5),
        Activation(name="relu2", function="relu"),
        Pool(name="pool2"),
    ),
    *(Flatten(name="flat"), Dense(name="logits", units=10)),
]
EXPERIMENT = Experiment(
    title="a small convolutional network to look into",
    data=DataRecipe(name="mnist", train=50_000, validation=10_000),
    network=Network(input_shape=(1, 28, 28), layers=LAYERS),
    training=TrainingRecipe(optimizer=Adam(learning_rate=0.001), batch_size=64, epochs=3),
)


def learned() -> tuple[Model, Prepared, dict]:
    """The model after training, with rounded weights; its data; {step: (weights, training and validation accuracy)}."""
    data, history = prepared(EXPERIMENT), {}
    model = new_model(backends.load(BACKEND), EXPERIMENT)
    weights: dict[str, np.ndarray] = {}
    for step in at_steps(model, data, EXPERIMENT, STEPS):
        weights = model.state().weights
        accuracies = [
            accuracy(model, part.x[:ACCURACY_IMAGES], part.y[:ACCURACY_IMAGES])
            for part in (data.train, data.validation)
        ]
        history[step] = (weights, *accuracies)
        print(f"step {step}: {accuracies}", flush=True)
    rounded = {name: packed(values).array().astype(values.dtype) for name, values in weights.items()}
    model.restore(State(weights=rounded))
    return model, data, history


def _fields(arrays: dict, numbers: dict) -> dict:
    """The fields of RecordedArrays."""
    return {
        **computed_by(BACKEND),
        "experiment": EXPERIMENT,
        "packed": {name: packed(values) for name, values in arrays.items()},
        "numbers": listed(numbers, 5),
    }


def training() -> dict:
    """Its weights after a number of steps, and its accuracy."""
    model, data, history = learned()
    arrays = {f"{name}-{step}": history[step][0][name] for step in STEPS for name in history[step][0]}
    numbers = {"steps": STEPS, "train": [history[s][1] for s in STEPS], "validation": [history[s][2] for s in STEPS]}
    return _fields(arrays, numbers | {"test": [accuracy(model, data.test.x, data.test.y)]})


def maps() -> dict:
    """Every layer's feature maps for the first test digit of each class, and the pixels that its answers depend on."""
    model, data, _ = learned()
    chosen = np.array([np.flatnonzero(data.test.y == label)[0] for label in range(10)])
    x, y = data.test.x[chosen], data.test.y[chosen]
    outputs = model.activations(x)
    arrays = {"images": x} | {name: outputs[name] for name in ("conv1", "pool1", "conv2", "pool2")}
    arrays["occlusion"] = np.stack([occlusion(model, one, label, SQUARE) for one, label in zip(x, y, strict=True)])
    arrays["saliency"] = np.stack([signed_gradient(model, one, label) for one, label in zip(x, y, strict=True)])
    zeros = [float((model.activations(data.test.x[:1000])[name] == 0).mean()) for name in ("relu1", "relu2")]
    return _fields(arrays, {"labels": y, "logits": outputs["logits"], "square": [SQUARE], "zeros": zeros})


def patches() -> dict:
    """For each filter, the patches of test digits that excite it most, and a dream: an image the size of a receptive
    field that maximises the activation of one unit."""
    model, data, _ = learned()
    arrays: dict[str, Any] = {}
    numbers: dict[str, Any] = {}
    for name in ("conv1", "conv2"):
        cost = next(cost for cost in costs(EXPERIMENT.network) if cost.step.layer.name == name)
        assert cost.receptive_field is not None and cost.jump is not None
        field, jump = cost.receptive_field[0], cost.jump[0]
        answers = np.concatenate([model.activations(data.test.x[n : n + 500])[name] for n in range(0, 10_000, 500)])
        spots = strongest(answers, NINE)
        cut = [[seen_by(data.test.x[one.image, 0], one, field, jump) for one in nine] for nine in spots]
        arrays |= {f"{name}-patches": np.array(cut), f"{name}-dreams": unit_dreams(model, name, field)}
        numbers[f"{name}-answers"] = [[one.answer for one in nine] for nine in spots]
        numbers[f"{name}-labels"] = [[data.test.y[one.image] for one in nine] for nine in spots]
        numbers[f"{name}-purity"] = [purity(data.test.y, nine) for nine in spots]
        numbers[f"{name}-dream-answers"] = (
            part_up_to(model, name, field).predict(arrays[f"{name}-dreams"][:, None]).diagonal()
        )
    return _fields(arrays, numbers)


def part_up_to(model, name: str, field: int):
    """The network up to a convolution, on an input the size of one unit's receptive field: one output per filter."""
    layers = [*LAYERS[: [layer.name for layer in LAYERS].index(name) + 1], Flatten(name="flat")]
    weights = {key: value for key, value in model.state().weights.items() if key.split(".")[0] in ("conv1", name)}
    network = Network(input_shape=(1, field, field), layers=layers)
    return backends.load(BACKEND).build(network, weights, EXPERIMENT.training, "cpu")


def unit_dreams(model, name: str, field: int):
    """(filters, field, field)"""
    part = part_up_to(model, name, field)
    count = FILTERS[name]
    start = np.full((count, 1, field, field), 0.5, np.float32)
    *_, end = ascend(part, start, np.eye(count), Ascent(learning_rate=0.05), 200)
    return end[:, 0]


def dreams() -> dict:
    """Images made to excite each output, after a number of steps of gradient ascent."""
    model, data, _ = learned()
    noise = generator(EXPERIMENT.seed, "dreams").normal(0.2, 0.05, (1, 1, 28, 28))
    start = np.repeat(np.clip(noise, 0, 1), 10, axis=0).astype(np.float32)
    arrays: dict[str, Any] = {"start": start[0, 0]}
    numbers: dict[str, Any] = {"frames": [0, *FRAMES]}
    for name, settings in SETTINGS.items():
        for step, x in enumerate(ascend(model, start, np.eye(10), settings, max(FRAMES)), 1):
            if step in FRAMES:
                arrays[f"{name}-{step}"] = x[:, 0]
                numbers[f"{name}-{step}-probability"] = softmax(model.predict(x)).diagonal()
                numbers[f"{name}-{step}-logit"] = model.predict(x).diagonal()
                numbers[f"{name}-{step}-variation"] = [variation(one) for one in x[:, 0]]
    numbers["start-probability"] = softmax(model.predict(start[:1]))[0]
    numbers["start-logit"] = model.predict(start[:1])[0]
    numbers["start-variation"] = [variation(start[0, 0])]
    numbers["test-variation"] = [float(np.mean([variation(one) for one in data.test.x[:1000, 0]]))]
    return _fields(arrays, numbers)
