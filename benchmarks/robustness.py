"""How four digit networks, trained on clean pictures, do on changed ones: `python -m benchmarks.robustness [--epochs N]`
prints a table of accuracies in percent over the first 2,000 test pictures. `--keep FOLDER` keeps the weights after each
epoch, and goes on from those that are there (one folder for each way of training). Needs the MNIST files."""

import argparse
from pathlib import Path

import numpy as np

import backends
from benchmarks.curriculum import nielsen
from core.backend import Model, State
from core.data import catalogue
from core.data.prepared import Prepared, prepare
from core.experiment.experiment import Experiment, changed
from core.metrics.robustness import AIMED, MOST, Judge
from core.network.initial_weights import initial_weights
from core.recordings.reference_robustness import KNOWN
from core.training.loop import check, steps, steps_per_epoch, total_steps


CHANGES = {
    "none": (None, 0),
    **{f"shift {by} px": ("shift", by) for by in (1, 2, 3, 4, 6)},
    **{f"rotate {degrees}": ("rotate", degrees) for degrees in (10, 20, 30, 45, 90)},
    **{f"noise sd {deviation}": ("noise", deviation) for deviation in (0.1, 0.3, 0.5)},
    **{f"size x {factor}": ("size", factor) for factor in (0.7, 1.3)},
    "negative": ("negative", 1),
    **{f"gradient sign {size}": (AIMED.name, size) for size in AIMED.strengths},
}
"""By row: the change and how strong it is."""
QUICK = {"training.optimizer.kind": "adam", "training.batch_size": 64}
NETWORKS = {
    "dense": ("network3-dense", 60, 10),
    "conv20": ("network3-first-cnn", 40, 5),
    "2 conv": ("network3-two-conv", 30, 3),
    "2 conv ReLU": ("network3-two-conv-relu", 15, 3),
}
"""By column: preset, the epochs it is known for, and those of a quick training."""


def main() -> None:
    asked = _arguments()
    columns = {}
    for word in asked.network or NETWORKS:
        columns[word] = accuracies(word, asked)
    print(f"{'change (in brackets: known before)':<36}" + "".join(f"{word:>15}" for word in columns))
    for change in next(iter(columns.values())):
        known = dict(zip(NETWORKS, KNOWN.get(change, ()), strict=False))
        print(f"{change:<36}" + "".join(_beside(column[change], known.get(word)) for word, column in columns.items()))


def _beside(ours: float, known: float | None) -> str:
    return f"{ours:8.1f}" + (f"{f'({known})':>7}" if known is not None else " " * 7)


def recipe(word: str, epochs: int | None = None, quick: bool = False) -> Experiment:
    """The network and its training. Quick: a network of the same size, with ReLU, trained for minutes."""
    name, most, few = NETWORKS[word]
    experiment = nielsen(name, epochs or (few if quick else most))()
    return changed(experiment, **QUICK, **_bent(experiment)) if quick else experiment


def _bent(experiment: Experiment) -> dict[str, str]:
    layers = enumerate(experiment.network.layers)
    return {f"network.layers.{place}.function": "relu" for place, layer in layers if layer.kind == "activation"}


def trained(experiment: Experiment, data: Prepared, backend: str, kept: Path | None = None) -> Model:
    """After the last epoch. With `kept`, weights are written there after each epoch and at the end, and gone on from where
    they are."""
    check(experiment, data)
    made, weights, slots = 0, initial_weights(experiment.network, experiment.seed), {}
    if kept is not None and kept.exists():
        found = dict(np.load(kept))
        made = int(found.pop("step"))
        weights = {name: value for name, value in found.items() if "/" not in name}
        slots = {name: value for name, value in found.items() if "/" in name}
    model = backends.load(backend).build(experiment.network, weights, experiment.training)
    model.restore(State(weights, slots, made))
    per_epoch, end = (each(experiment.training, len(data.train.y)) for each in (steps_per_epoch, total_steps))
    for report in steps(model, data, experiment, made):
        if kept is not None and (report.step % per_epoch == 0 or report.step == end):
            state = model.state()
            np.savez(kept, step=report.step, **state.weights, **state.slots)
    return model


def network_file(folder: Path, word: str) -> Path:
    return folder / f"{word.replace(' ', '-')}.npz"


def accuracies(word: str, asked) -> dict[str, float]:
    """{change: percent right}"""
    experiment = recipe(word, asked.epochs, asked.quick)
    data = prepare(catalogue.load("mnist"), experiment.data, experiment.seed)
    model = trained(experiment, data, asked.backend, network_file(asked.keep, word) if asked.keep else None)
    made = model.state().step / steps_per_epoch(experiment.training, len(data.train.y))
    judge = asked_about(model, data, experiment)
    return {"epochs": made} | {
        words: 100 * judge.right(kind, amount) / len(judge.labels) for words, (kind, amount) in CHANGES.items()
    }


def asked_about(model: Model, data: Prepared, experiment: Experiment) -> Judge:
    """The first test pictures of MNIST, and who is asked about them."""
    rows, labels = data.test.rows[:MOST], data.test.y[:MOST]
    pictures = catalogue.load("mnist").pictures[rows]
    return Judge(model, data.scaling, "float32", experiment.training.loss, pictures, labels)


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("network", nargs="*", choices=[[], *NETWORKS], help="which networks (default: all)")
    parser.add_argument("--backend", default="tensorflow", choices=backends.names())
    parser.add_argument("--epochs", type=int, help="fewer than the network is known for")
    parser.add_argument(
        "--quick", action="store_true", help="ReLU, Adam, batches of 64, few epochs: minutes, not an hour"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the weights")
    return parser.parse_args()


if __name__ == "__main__":
    main()
