"""Records the measured tables of lessons: several real trainings on MNIST each -> pages/recorded/measured/NAME.json.

CONVSCOPE_DATA=FOLDER python tools/record/tables.py NAME ...      rare-eight, zip-net, transfer, by-hand, resampling, search
CONVSCOPE_DATA=FOLDER python tools/record/tables.py               all of them anew
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import backends  # noqa: E402
from core.backend import Model  # noqa: E402
from core.data import catalogue  # noqa: E402
from core.data.dataset import Dataset  # noqa: E402
from core.data.preparation.class_imbalance import Counts  # noqa: E402
from core.data.prepared import Part, Prepared, prepare  # noqa: E402
from core.data.recipe import DataRecipe  # noqa: E402
from core.demos.images.hog import edge_histogram  # noqa: E402
from core.demos.learning.resampling_simulation import Clouds, simulate  # noqa: E402
from core.experiment import presets  # noqa: E402
from core.experiment.experiment import Experiment, changed
from core.experiment.imbalance_remedies import remedied, remedies  # noqa: E402
from core.metrics.confusion import confusion  # noqa: E402
from core.metrics.few_shot import few_shot  # noqa: E402
from core.metrics.prior_shift import moved  # noqa: E402
from core.metrics.rare_class import rare_scores  # noqa: E402
from core.metrics.rejection import lead  # noqa: E402
from core.network.initial_weights import initial_weights  # noqa: E402
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool  # noqa: E402
from core.network.network import Network  # noqa: E402
from core.random import generator  # noqa: E402
from core.recipe.optimizers import SGD, Adam
from core.recipe.training import TrainingRecipe  # noqa: E402
from core.recordings.tables import Measured  # noqa: E402
from core.training.loop import outputs, train  # noqa: E402


FOLDER = ROOT / "pages" / "recorded" / "measured"
BACKEND, DEVICE = "pytorch", "cpu"
SEEDS = (1, 2, 3)
RARE = 8
REMEDIES = ("none", "undersample", "oversample", "class-weights", "noisy-copies", "transformed-copies")
SCORES = ("recall", "precision", "balanced", "accuracy", "macro_f1")
STRENGTHS = np.round(np.linspace(0, 3, 31), 2)
ZIP_TRAIN, ZIP_TEST = 7291, 2007
ZIP_CHANGES = {"training.batch_size": 10, "training.optimizer.rate": 0.15}
"""The paper takes one digit a step, which takes ten times as long."""
DOUBTFUL = 24
EACH = (1, 2, 5, 10, 20, 50, 100)
DRAWS = 10
BY_HAND = 10_000
REDRAWN = 200
SEARCHED, FOLDS, HIDDEN = 1000, 4, 32
RATES, BATCHES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0), (8, 16, 32, 64, 128)


def main(names: list[str]) -> None:
    for name in names or list(MAKERS):
        begun = time.perf_counter()
        what, experiment, numbers = MAKERS[name]()
        made = Measured(
            name=name,
            what=what,
            experiment=experiment,
            backend=backends.about(BACKEND).LABEL if experiment else "scikit-learn",
            version=backends.load(BACKEND).version() if experiment else metadata.version("scikit-learn"),
            device=DEVICE,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            command=f"python tools/record/tables.py {name}",
            seconds=round(time.perf_counter() - begun, 1),
            numbers=numbers,
        )
        path = FOLDER / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(made.model_dump_json() + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {made.label}")


def small_cnn(classes: int, title: str, data: DataRecipe, seed: int = 1, steps: int = 700) -> Experiment:
    """Two convolutions with pools and one dense layer."""
    block = [Activation(function="relu"), Pool(window=2)]
    layers = [Conv2D(maps=8, kernel=5), *block, Conv2D(maps=16, kernel=5), *block, Flatten(), Dense(units=classes)]
    return Experiment(
        title=title,
        data=data,
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(optimizer=Adam(rate=0.001), batch_size=64, epochs=1000, steps=steps),
        seed=seed,
    )


def trained(experiment: Experiment, data: Prepared, trains: bool = True) -> Model:
    weights = initial_weights(experiment.network, experiment.seed)
    model = backends.load(BACKEND).build(experiment.network, weights, experiment.training, DEVICE)
    model.load(data.train.x, data.train.y)
    unwatched = replace(data, validation=_none_of(data.validation))
    for _ in train(model, unwatched, experiment) if trains else ():
        pass
    print(f"  {experiment.title}, seed {experiment.seed}: trained", flush=True)
    return model


def _none_of(part: Part) -> Part:
    """Nobody asks for curves here, and undersampled epochs are five steps long."""
    return Part(part.x[:0], part.y[:0], part.rows[:0])


def rounded(values, digits: int = 4) -> list:
    return np.round(np.asarray(values, float), digits).tolist()


# --- a rare eight


def rare_eight():
    found = {name: [_rare_run(name, seed) for seed in SEEDS] for name in REMEDIES}
    scores = [[[getattr(rare_scores(confused(*run), RARE), of) for of in SCORES] for run in found[n]] for n in REMEDIES]
    taken = [np.sum([confused(*run)[RARE] for run in found[name]], axis=0).tolist() for name in REMEDIES]
    moving = np.mean([[_moved_scores(*run, strength) for strength in STRENGTHS] for run in found["none"]], axis=0)
    what = "1,000 MNIST digits of each kind, of the 8 only 30; six remedies, three seeds each; judged on all 10,000 test digits"
    return (
        what,
        _rare(1),
        {
            "remedies": list(REMEDIES),
            "scores": rounded(scores),
            "taken": taken,
            "strengths": STRENGTHS.tolist(),
            "moved": rounded(moving),
        },
    )


def _rare(seed: int) -> Experiment:
    imbalance = Counts(keep={RARE: 30}, others=1000)
    recipe = DataRecipe(name="mnist", train=50_000, validation=2_000, order="random", imbalance=imbalance)
    return small_cnn(10, "rare eight", recipe, seed)


def _rare_run(remedy: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outputs (N, K) and labels (N,) of the test part, training counts (K,)."""
    experiment = remedied(_rare(seed), remedies()[remedy])
    data = prepare(catalogue.load("mnist"), experiment.data, seed)
    model = trained(experiment, data)
    return outputs(model, data.test), data.test.y, np.bincount(data.train.y, minlength=10)


def confused(logits: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return confusion(labels, logits.argmax(axis=1), logits.shape[1])


def _moved_scores(logits, labels, counts, strength: float) -> list[float]:
    found = rare_scores(confused(moved(logits, counts, np.ones(len(counts)), strength), labels, counts), RARE)
    return [found.recall, found.precision, found.accuracy, found.balanced]


# --- the zip net


def zip_net():
    data_set = shrunk(catalogue.load("mnist"))
    preset = presets.get("zip-net")
    recipe = DataRecipe(name="mnist", train=ZIP_TRAIN, validation=0, test=ZIP_TEST, scaling=preset.scaling)
    paper = Experiment(title="zip net", data=recipe, network=preset.network(), training=preset.training, seed=1)
    experiment = changed(paper, **ZIP_CHANGES)
    data = prepare(data_set, recipe, 1)
    model = trained(experiment, data)
    said, taught = outputs(model, data.test), outputs(model, data.train)
    doubt = np.argsort(lead(said), kind="stable")[:DOUBTFUL]
    what = (
        f"the zip net on MNIST shrunk to 16 x 16, the first {ZIP_TRAIN:,} training and {ZIP_TEST:,} test digits, "
        f"{preset.training.epochs} passes, {experiment.training.batch_size} digits a step"
    )
    return (
        what,
        experiment,
        {
            "train_error": [float(np.mean(taught.argmax(axis=1) != data.train.y))],
            "lead": rounded(lead(said)),
            "right": (said.argmax(axis=1) == data.test.y).astype(int).tolist(),
            "doubtful": data_set.pictures[data.test.rows[doubt], 0].tolist(),
            "doubtful_truth": data.test.y[doubt].tolist(),
            "doubtful_outputs": rounded(said[doubt], 3),
            "kernels": rounded(model.state().weights["h1.weights"][:, 0]),
        },
    )


def shrunk(data_set: Dataset) -> Dataset:
    """28 x 28 with a border of two, then the mean of each 2 x 2: 16 x 16."""
    framed = np.pad(data_set.pictures, ((0, 0), (0, 0), (2, 2), (2, 2))).reshape(-1, 1, 16, 2, 16, 2)
    pictures = framed.mean(axis=(3, 5)).round().astype(np.uint8)
    return Dataset(
        name="mnist",
        label="MNIST, 16x16",
        pictures=pictures,
        labels=data_set.labels,
        class_names=data_set.class_names,
        parts=data_set.parts,
        source=data_set.source,
    )


# --- transfer


def transfer():
    mnist = catalogue.load("mnist")
    experiment = small_cnn(5, "digits 0 to 4", DataRecipe(name="mnist", validation=0))
    first, second = _half(mnist, low=True), _half(mnist, low=False)
    data = prepare(first, experiment.data, 1)
    data_second = prepare(second, experiment.data, 1)
    pre, fresh = trained(experiment, data), trained(experiment, data, trains=False)
    kinds = {"pretrained": _features(pre), "pixels": lambda x: x.reshape(len(x), -1), "untrained": _features(fresh)}
    print(f"  digits 0 to 4: {np.mean(outputs(pre, data.test).argmax(axis=1) == data.test.y):.4f} right", flush=True)
    numbers: dict[str, list] = {"each": list(EACH)}
    for name, seen in kinds.items():
        x, judged = seen(data_second.train.x[:8000]), seen(data_second.test.x)
        labels = data_second.train.y[:8000]
        found = [few_shot(x, labels, judged, data_second.test.y, each, DRAWS) for each in EACH]
        numbers[name] = rounded([one.mean() for one in found])
        numbers[f"{name}_spread"] = rounded([one.std(ddof=1) for one in found])
        print(f"  {name}: {numbers[name]}", flush=True)
    what = (
        f"a small CNN trained on the digits 0 to 4; its last maps, bare pixels and the maps of an untrained twin as features "
        f"of the digits 5 to 9; logistic regression, means of {DRAWS} draws, judged on all test digits from 5 to 9"
    )
    return what, experiment, numbers


def _half(mnist: Dataset, low: bool) -> Dataset:
    wanted = mnist.labels < 5 if low else mnist.labels >= 5
    seam = mnist.parts["train"].stop
    train, test = np.flatnonzero(wanted[:seam]), seam + np.flatnonzero(wanted[seam:])
    rows = np.concatenate([train, test])
    return Dataset(
        name="mnist",
        label="half of MNIST",
        pictures=mnist.pictures[rows],
        labels=mnist.labels[rows] - (0 if low else 5),
        class_names=tuple("01234" if low else "56789"),
        parts={"train": range(len(train)), "test": range(len(train), len(rows))},
        source=mnist.source,
    )


def _features(model: Model):
    """What the dense layer gets: the last maps in a row."""

    def seen(x: np.ndarray) -> np.ndarray:
        parts = [model.activations(x[start : start + 1000]) for start in range(0, len(x), 1000)]
        return np.concatenate([next(v for k, v in part.items() if k.startswith("flatten")) for part in parts])

    return seen


# --- features by hand


def by_hand():
    mnist = catalogue.load("mnist")
    experiment = small_cnn(10, "10,000 digits", DataRecipe(name="mnist", train=BY_HAND, validation=0), steps=1500)
    data = prepare(mnist, experiment.data, 1)
    network = float(np.mean(outputs(trained(experiment, data), data.test).argmax(axis=1) == data.test.y))
    edges = _fitted(*(_edges(part) for part in (data.train, data.test)), data)
    pixels = _fitted(*(part.x.reshape(len(part.x), -1) for part in (data.train, data.test)), data)
    what = f"the first {BY_HAND:,} MNIST digits: logistic regression on pixels and on edge histograms, and a small CNN; all test digits"
    return what, experiment, {"pixels": [round(pixels, 4)], "edges": [round(edges, 4)], "network": [round(network, 4)]}


def _edges(part: Part) -> np.ndarray:
    return edge_histogram(part.x[:, 0])


def _fitted(x: np.ndarray, judged: np.ndarray, data: Prepared) -> float:
    from sklearn.linear_model import LogisticRegression

    return float(LogisticRegression(max_iter=300).fit(x, data.train.y).score(judged, data.test.y))


# --- under- and oversampling, no network


def resampling():
    clouds = Clouds()
    found = simulate(clouds, REDRAWN)
    numbers = {}
    for name, of in found.items():
        numbers[f"{name}: balanced_error"], numbers[f"{name}: accuracy"] = (
            rounded(of.balanced_error),
            rounded(of.accuracy),
        )
    what = f"two clouds of {clouds.common:,} and {clouds.rare:,} points, logistic regression, {REDRAWN} draws"
    return what, None, numbers


# --- a search with cross-validation


def search():
    data = prepare(catalogue.load("mnist"), _tried(RATES[0], BATCHES[0]).data, 1)
    found = [[[_fold(data, rate, batch, fold) for fold in range(FOLDS)] for batch in BATCHES] for rate in RATES]
    what = (
        f"the first {SEARCHED:,} MNIST digits, a dense network of {HIDDEN} hidden units, five passes; {len(RATES)} rates times "
        f"{len(BATCHES)} batch sizes, each judged by {FOLDS}-fold cross-validation"
    )
    numbers = {"rates": list(RATES), "batches": list(BATCHES), "accuracy": rounded(found)}
    return what, _tried(RATES[3], BATCHES[2]), numbers


def _tried(rate: float, batch: int) -> Experiment:
    layers = [Flatten(), Dense(units=HIDDEN), Activation(function="relu"), Dense(units=10)]
    return Experiment(
        title=f"search: rate {rate:g}, batch {batch}",
        data=DataRecipe(name="mnist", train=SEARCHED, validation=0),
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(optimizer=SGD(rate=rate), batch_size=batch, epochs=5),
        seed=1,
    )


def _fold(data: Prepared, rate: float, batch: int, fold: int) -> float:
    """The share told rightly of one part of the digits by a network that learned from all others. The parts are drawn:
    MNIST's file takes turns between two groups of writers, and each k-th digit would be of one group."""
    left_out = generator(1, "folds").permutation(SEARCHED) % FOLDS == fold
    parts = (Part(data.train.x[rows], data.train.y[rows], data.train.rows[rows]) for rows in (~left_out, left_out))
    learned, judged = parts
    model = trained(_tried(rate, batch), replace(data, train=learned))
    return float(np.mean(outputs(model, judged).argmax(axis=1) == judged.y))


MAKERS = {
    "rare-eight": rare_eight,
    "zip-net": zip_net,
    "transfer": transfer,
    "by-hand": by_hand,
    "resampling": resampling,
    "search": search,
}


if __name__ == "__main__":
    main(sys.argv[1:])
