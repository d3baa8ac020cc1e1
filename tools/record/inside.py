"""Records a look inside a small convolutional network: CONVSCOPE_DATA=FOLDER python tools/record/inside.py [NAME ...]

inside-training     its weights after some steps, and how well it did
inside-maps         the maps of every layer for ten test digits, and which pixels its answers hang on
inside-patches      the pieces of test digits that excite each map most, and a picture made to excite it
inside-dreams       pictures made to excite each of the ten outputs, with and without decay and blur

The weights are rounded to the 255 levels of the recording; all that is shown was measured with the rounded ones.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from dense_nets import at_steps  # noqa: E402

import backends  # noqa: E402
from core.backend import State  # noqa: E402
from core.data import catalogue  # noqa: E402
from core.data.prepared import prepare  # noqa: E402
from core.data.recipe import DataRecipe  # noqa: E402
from core.experiment.experiment import Experiment
from core.explain.activation_maximization import Ascent, ascend, variation  # noqa: E402
from core.explain.attribution import occlusion, saliency  # noqa: E402
from core.explain.top_patches import purity, seen_by, strongest  # noqa: E402
from core.network.costs import costs  # noqa: E402
from core.network.initial_weights import initial_weights  # noqa: E402
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool  # noqa: E402
from core.network.network import Network  # noqa: E402
from core.numerics.losses import softmax  # noqa: E402
from core.random import generator  # noqa: E402
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe  # noqa: E402
from core.recordings.arrays import RecordedArrays, packed  # noqa: E402


FOLDER = ROOT / "pages" / "recorded" / "arrays"
BACKEND = "pytorch"
STEPS = (0, 5, 20, 80, 300, 782, 1564, 2346)
JUDGED = 5000
"""Training pictures that the training accuracy is taken of."""
NINE = 9
SQUARE = 7
SETTINGS = {
    "plain": Ascent(),
    "decay": Ascent(decay=0.02),
    "blur": Ascent(blur=0.6),
    "both": Ascent(decay=0.02, blur=0.6),
}
FRAMES = (10, 40, 200)
LAYERS = [
    *(Conv2D(name="conv1", maps=8, kernel=5), Activation(name="relu1", function="relu"), Pool(name="pool1")),
    *(Conv2D(name="conv2", maps=16, kernel=5), Activation(name="relu2", function="relu"), Pool(name="pool2")),
    *(Flatten(name="flat"), Dense(name="logits", units=10)),
]
EXPERIMENT = Experiment(
    title="a small convolutional network to look into",
    data=DataRecipe(name="mnist", train=50_000, validation=10_000),
    network=Network(input_shape=(1, 28, 28), layers=LAYERS),
    training=TrainingRecipe(optimizer=Adam(rate=0.001), batch_size=64, epochs=3),
)


def main(names: list[str]) -> None:
    if lacking := catalogue.missing("mnist"):
        sys.exit(lacking)
    started = time.perf_counter()
    data = prepare(catalogue.load("mnist"), EXPERIMENT.data, EXPERIMENT.seed)
    model, history = trained(data)
    for name in names or list(MAKERS):
        arrays, numbers = MAKERS[name](model, data, history)
        made = RecordedArrays(
            name=name,
            experiment=EXPERIMENT,
            backend=backends.about(BACKEND).LABEL,
            version=backends.load(BACKEND).version(),
            device="cpu",
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            command="python tools/record/inside.py",
            seconds=round(time.perf_counter() - started, 1),
            packed={key: packed(values) for key, values in arrays.items()},
            numbers={key: np.round(values, 5).tolist() for key, values in numbers.items()},
        )
        path = FOLDER / f"{name}.json"
        path.write_text(made.model_dump_json() + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {made.label}", flush=True)


def trained(data):
    """The model after training, with rounded weights; and {step: (weights, training and validation accuracy)}."""
    model = build(EXPERIMENT.network, initial_weights(EXPERIMENT.network, EXPERIMENT.seed))
    model.load(data.train.x, data.train.y)
    history = {}
    for step in at_steps(model, data, EXPERIMENT, STEPS):
        weights = model.state().weights
        judged = [right(model, part.x[:JUDGED], part.y[:JUDGED]) for part in (data.train, data.validation)]
        history[step] = (weights, *judged)
        print(f"step {step}: {judged}", flush=True)
    rounded = {name: packed(values).array().astype(values.dtype) for name, values in weights.items()}
    model.restore(State(weights=rounded))
    return model, history


def build(network: Network, weights):
    return backends.load(BACKEND).build(network, weights, EXPERIMENT.training, "cpu")


def right(model, x, y) -> float:
    return float((model.predict(x).argmax(axis=1) == y).mean())


def training(model, data, history):
    arrays = {f"{name}-{step}": history[step][0][name] for step in STEPS for name in history[step][0]}
    numbers = {"steps": STEPS, "train": [history[s][1] for s in STEPS], "validation": [history[s][2] for s in STEPS]}
    return arrays, numbers | {"test": [right(model, data.test.x, data.test.y)]}


def maps(model, data, history):
    chosen = np.array([np.flatnonzero(data.test.y == label)[0] for label in range(10)])
    x, y = data.test.x[chosen], data.test.y[chosen]
    seen = model.activations(x)
    arrays = {"pictures": x} | {name: seen[name] for name in ("conv1", "pool1", "conv2", "pool2")}
    arrays["occlusion"] = np.stack([occlusion(model, one, label, SQUARE) for one, label in zip(x, y, strict=True)])
    arrays["saliency"] = np.stack([saliency(model, one, label) for one, label in zip(x, y, strict=True)])
    zeros = [float((model.activations(data.test.x[:1000])[name] == 0).mean()) for name in ("relu1", "relu2")]
    return arrays, {"labels": y, "logits": seen["logits"], "square": [SQUARE], "zeros": zeros}


def patches(model, data, history):
    """Test digits only; a dream for a map climbs the answer of one of its units, whose field it fills."""
    arrays, numbers = {}, {}
    for name in ("conv1", "conv2"):
        bill = next(bill for bill in costs(EXPERIMENT.network) if bill.step.layer.name == name)
        field, jump = bill.receptive_field[0], bill.jump[0]
        answers = np.concatenate([model.activations(data.test.x[n : n + 500])[name] for n in range(0, 10_000, 500)])
        spots = strongest(answers, NINE)
        cut = [[seen_by(data.test.x[one.picture, 0], one, field, jump) for one in nine] for nine in spots]
        arrays |= {f"{name}-patches": np.array(cut), f"{name}-dreams": unit_dreams(model, name, field)}
        numbers[f"{name}-answers"] = [[one.answer for one in nine] for nine in spots]
        numbers[f"{name}-labels"] = [[data.test.y[one.picture] for one in nine] for nine in spots]
        numbers[f"{name}-purity"] = [purity(data.test.y, nine) for nine in spots]
        numbers[f"{name}-dream-answers"] = (
            part_up_to(model, name, field).predict(arrays[f"{name}-dreams"][:, None]).diagonal()
        )
    return arrays, numbers


def part_up_to(model, name: str, field: int):
    """The network up to a convolution, on a picture as large as one of its units sees: an output a map."""
    layers = LAYERS[: [layer.name for layer in LAYERS].index(name) + 1] + [Flatten(name="flat")]
    weights = {key: value for key, value in model.state().weights.items() if key.split(".")[0] in ("conv1", name)}
    return build(Network(input_shape=(1, field, field), layers=layers), weights)


def unit_dreams(model, name: str, field: int):
    """(maps, field, field)"""
    part = part_up_to(model, name, field)
    count = next(layer.maps for layer in LAYERS if layer.name == name)
    start = np.full((count, 1, field, field), 0.5, np.float32)
    *_, end = ascend(part, start, np.eye(count), Ascent(rate=0.05), 200)
    return end[:, 0]


def dreams(model, data, history):
    noise = generator(EXPERIMENT.seed, "dreams").normal(0.2, 0.05, (1, 1, 28, 28))
    start = np.repeat(np.clip(noise, 0, 1), 10, axis=0).astype(np.float32)
    arrays, numbers = {"start": start[0, 0]}, {"frames": [0, *FRAMES]}
    for name, how in SETTINGS.items():
        for step, x in enumerate(ascend(model, start, np.eye(10), how, max(FRAMES)), 1):
            if step in FRAMES:
                arrays[f"{name}-{step}"] = x[:, 0]
                numbers[f"{name}-{step}-probability"] = softmax(model.predict(x)).diagonal()
                numbers[f"{name}-{step}-logit"] = model.predict(x).diagonal()
                numbers[f"{name}-{step}-variation"] = [variation(one) for one in x[:, 0]]
    numbers["start-probability"] = softmax(model.predict(start[:1]))[0]
    numbers["start-logit"] = model.predict(start[:1])[0]
    numbers["start-variation"] = [variation(start[0, 0])]
    numbers["test-variation"] = [float(np.mean([variation(one) for one in data.test.x[:1000, 0]]))]
    return arrays, numbers


MAKERS = {"inside-training": training, "inside-maps": maps, "inside-patches": patches, "inside-dreams": dreams}


if __name__ == "__main__":
    main(sys.argv[1:])
