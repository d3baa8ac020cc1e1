"""How four digit networks, trained on clean pictures, do on changed ones: `python -m benchmarks.robustness [--epochs N]`
prints a table of accuracies in percent over the first 2,000 test pictures. Needs the MNIST files."""

import argparse

import numpy as np

import backends
from benchmarks.curriculum import nielsen
from core.data import catalogue
from core.data.prepared import Prepared, prepare
from core.data.warp import about_the_middle, moved, warp
from core.network.initial_weights import initial_weights
from core.random import generator
from core.training import EpochEnded, check, train


PICTURES = 2000
NETWORKS = {"dense": ("network3-dense", 60), "conv20": ("network3-first-cnn", 40), "2 conv": ("network3-two-conv", 30)}


def main() -> None:
    asked = _arguments()
    columns = {}
    for word in asked.network or NETWORKS:
        columns[word] = accuracies(word, asked.backend, asked.epochs)
        print(word, "is trained", flush=True)
    print(f"{'change':<22}" + "".join(f"{word:>10}" for word in columns))
    for change in next(iter(columns.values())):
        print(f"{change:<22}" + "".join(f"{column[change]:10.1f}" for column in columns.values()))


def accuracies(word: str, backend: str, epochs: int | None) -> dict[str, float]:
    """{change: percent right}"""
    name, most = NETWORKS[word]
    experiment = nielsen(name, epochs or most)()
    data = prepare(catalogue.load("mnist"), experiment.data, experiment.seed)
    check(experiment, data)
    model = backends.load(backend).build(
        experiment.network, initial_weights(experiment.network, experiment.seed), experiment.training
    )
    for report in train(model, data, experiment):
        if isinstance(report, EpochEnded):
            continue
    return {change: right(model, data, pictures) for change, pictures in changed(data).items()}


def right(model, data: Prepared, pictures: np.ndarray) -> float:
    """Percent of `pictures` (N, C, H, W), floats of grey levels, that are told rightly."""
    scaled = (np.clip(pictures, 0, 255) - data.scaling.shift) / data.scaling.divisor
    found = model.predict(scaled.astype(np.float32)).argmax(axis=1)
    return 100 * float(np.mean(found == data.test.y[: len(found)]))


def changed(data: Prepared) -> dict[str, np.ndarray]:
    """The first test pictures, as they are and changed; shifts are the mean over four directions, so they stand there
    one after the other."""
    clean = catalogue.load("mnist").pictures[data.test.rows[:PICTURES]]
    chance = generator(1, "robustness")
    noise = chance.standard_normal(clean.shape) * 255
    found = {"none": clean.astype(float)}
    found |= {f"shift {by} px": shifted(clean, by) for by in (1, 2, 3, 4, 6)}
    found |= {f"rotate {degrees}": turned(clean, degrees) for degrees in (10, 20, 30, 45, 90)}
    found |= {f"noise sd {sd}": clean + sd * noise for sd in (0.1, 0.3, 0.5)}
    found |= {f"size x {factor}": sized(clean, factor) for factor in (0.7, 1.3)}
    return found | {"negative": 255.0 - clean}


def shifted(pictures: np.ndarray, by: int) -> np.ndarray:
    """Each picture in one of four directions, in turn."""
    ways = np.array([(by, 0), (-by, 0), (0, by), (0, -by)])[np.arange(len(pictures)) % 4]
    return warp(pictures, moved(ways)[:, :2], 0).astype(float)


def turned(pictures: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _about_the_middle(pictures, turn)


def sized(pictures: np.ndarray, factor: float) -> np.ndarray:
    return _about_the_middle(pictures, np.eye(2) / factor)


def _about_the_middle(pictures: np.ndarray, linear: np.ndarray) -> np.ndarray:
    every = np.tile(linear, (len(pictures), 1, 1))
    return warp(pictures, about_the_middle(every, *pictures.shape[2:])[:, :2], 0).astype(float)


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("network", nargs="*", choices=[[], *NETWORKS], help="which networks (default: all)")
    parser.add_argument("--backend", default="tensorflow", choices=backends.names())
    parser.add_argument("--epochs", type=int, help="fewer than the network is known for")
    return parser.parse_args()


if __name__ == "__main__":
    main()
