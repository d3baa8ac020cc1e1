"""Records what two small dense networks look like inside: CONVSCOPE_DATA=FOLDER python tools/record/dense_nets.py [NAME ...]

weight-images            784-10 without a hidden layer: its weights after some steps, beside the class means
activation-patterns      784-16-12-10: what every unit answers to twenty test digits
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

import backends  # noqa: E402
from core.data import catalogue  # noqa: E402
from core.data.prepared import prepare  # noqa: E402
from core.data.recipe import DataRecipe  # noqa: E402
from core.experiment.experiment import Experiment
from core.network.initial_weights import initial_weights  # noqa: E402
from core.network.layers import Activation, Dense, Flatten, Zeros  # noqa: E402
from core.network.network import Network  # noqa: E402
from core.recipe.optimizers import SGD, Adam
from core.recipe.training import TrainingRecipe  # noqa: E402
from core.recordings.arrays import RecordedArrays, packed  # noqa: E402
from core.training.loop import epoch_order, steps_per_epoch  # noqa: E402


FOLDER = ROOT / "pages" / "recorded" / "arrays"
STEPS = (0, 1, 10, 100, 390, 1170)
SHAPE, CLASSES = (1, 28, 28), 10


def main(names: list[str]) -> None:
    if lacking := catalogue.missing("mnist"):
        sys.exit(lacking)
    for name in names or list(MAKERS):
        started = time.perf_counter()
        experiment, found, numbers = MAKERS[name]()
        made = RecordedArrays(
            name=name,
            experiment=experiment,
            backend=backends.about("reference").LABEL,
            version=backends.load("reference").version(),
            device="cpu",
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            command=f"python tools/record/dense_nets.py {name}",
            seconds=round(time.perf_counter() - started, 1),
            packed={key: packed(values) for key, values in found.items()},
            numbers={key: np.round(values, 4).tolist() for key, values in numbers.items()},
        )
        path = FOLDER / f"{name}.json"
        path.write_text(made.model_dump_json() + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {made.label}")


def weight_images():
    layers = [Flatten(name="flat"), Dense(name="templates", units=CLASSES, weights=Zeros(), biases=Zeros())]
    recipe = TrainingRecipe(optimizer=SGD(rate=0.5), batch_size=128, epochs=3, drop_last=True)
    experiment, data, model = built("one dense layer on MNIST", layers, recipe, 50_000, 10_000)
    x, y = data.train.x.reshape(len(data.train), -1), data.train.y
    means = np.stack([x[y == label].mean(axis=0) for label in range(CLASSES)])
    chosen = two_of_each(data.test)
    weights, right, logits = [], [], []
    for _ in at_steps(model, data, experiment, STEPS):
        weights.append(model.state().weights["templates.weights"])
        right.append(float((model.predict(data.test.x).argmax(axis=1) == data.test.y).mean()))
        logits.append(model.predict(data.test.x[chosen]))
    found = {f"weights-{step}": w for step, w in zip(STEPS, weights, strict=True)}
    found |= {"means": means, "mean": x.mean(axis=0), "pictures": data.test.x[chosen].reshape(len(chosen), -1)}
    like = {"like-means": means, "like-differences": means - x.mean(axis=0)}
    numbers = {"steps": STEPS, "accuracy": right, "labels": data.test.y[chosen], "logits": np.stack(logits)}
    return experiment, found, numbers | {name: [alike(w, of) for w in weights] for name, of in like.items()}


def activation_patterns():
    layers = [
        Flatten(name="flat"),
        *(Dense(name="hidden1", units=16), Activation(name="first", function="sigmoid")),
        *(Dense(name="hidden2", units=12), Activation(name="second", function="sigmoid")),
        Dense(name="logits", units=CLASSES),
    ]
    recipe = TrainingRecipe(optimizer=Adam(rate=0.003), batch_size=64, epochs=6)
    experiment, data, model = built("two hidden layers on MNIST", layers, recipe, 20_000, 5_000)
    *_, end = at_steps(model, data, experiment, (recipe.epochs * steps_per_epoch(recipe, len(data.train)),))
    chosen = two_of_each(data.test)
    seen = model.activations(data.test.x[chosen])
    found = {"pictures": data.test.x[chosen].reshape(len(chosen), -1)}
    numbers = {name: seen[name] for name in ("first", "second", "logits")}
    accuracy = [float((model.predict(data.test.x).argmax(axis=1) == data.test.y).mean())]
    return experiment, found, numbers | {"labels": data.test.y[chosen], "accuracy": accuracy, "steps": [end]}


def built(title: str, layers: list, recipe: TrainingRecipe, train: int, validation: int):
    experiment = Experiment(
        title=title,
        data=DataRecipe(name="mnist", train=train, validation=validation),
        network=Network(input_shape=SHAPE, layers=layers),
        training=recipe,
    )
    data = prepare(catalogue.load("mnist"), experiment.data, experiment.seed)
    weights = initial_weights(experiment.network, experiment.seed)
    model = backends.load("reference").build(experiment.network, weights, recipe, "cpu")
    model.load(data.train.x, data.train.y)
    return experiment, data, model


def at_steps(model, data, experiment: Experiment, wanted: tuple[int, ...]):
    """Stops before the first step, if 0 is wanted, and after each wanted one: the order is the training loop's own."""
    recipe, rows, made = experiment.training, len(data.train), 0
    per_epoch = steps_per_epoch(recipe, rows)
    if 0 in wanted:
        yield 0
    while made < max(wanted):
        order = epoch_order(recipe, rows, experiment.seed, made // per_epoch + 1)
        start = made % per_epoch * recipe.batch_size
        model.steps(order[None, start : start + recipe.batch_size], np.array([recipe.optimizer.rate]), {})
        made += 1
        if made in wanted:
            yield made


def two_of_each(part) -> np.ndarray:
    """The first two of every class, class by class."""
    return np.concatenate([np.flatnonzero(part.y == label)[:2] for label in range(CLASSES)])


def alike(weights: np.ndarray, of: np.ndarray) -> float:
    """The mean over the classes of the correlation of a weight picture with another picture; 0 where nothing varies."""
    pairs = zip(weights, of, strict=True)
    return float(np.mean([np.corrcoef(a, b)[0, 1] if np.ptp(a) else 0.0 for a, b in pairs]))


MAKERS = {"weight-images": weight_images, "activation-patterns": activation_patterns}


if __name__ == "__main__":
    main(sys.argv[1:])
