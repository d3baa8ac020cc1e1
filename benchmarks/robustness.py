"""How four digit networks, trained on clean images, cope with changed ones: `python -m benchmarks.robustness
[--epochs N]` prints a table of accuracies in percent over the first 2,000 test images. `--keep FOLDER` saves the
weights after each epoch and continues from saved ones (use one folder per training recipe). Needs the MNIST files."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import backends
from core.backend import Model, State
from core.data import catalogue
from core.data.prepared import Prepared, prepare
from core.experiment.curriculum import NETWORKS, digit_network
from core.experiment.experiment import Experiment
from core.metrics.robustness import AIMED, first_test_images
from core.recordings.reference_robustness import KNOWN
from core.training.fit import new_model
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
"""For each row of the table: the change and its strength."""


def main() -> None:
    options = _arguments()
    columns = {}
    for name in options.network or NETWORKS:
        columns[name] = accuracies(name, options)
    print(f"{'change (in brackets: known)':<36}" + "".join(f"{name:>15}" for name in columns))
    for change in next(iter(columns.values())):
        known = dict(zip(NETWORKS, KNOWN.get(change, ()), strict=False))
        print(f"{change:<36}" + "".join(_beside(column[change], known.get(name)) for name, column in columns.items()))


def _beside(ours: float, known: float | None) -> str:
    return f"{ours:8.1f}" + (f"{f'({known})':>7}" if known is not None else " " * 7)


def trained(experiment: Experiment, data: Prepared, backend: str, kept: Path | None = None) -> Model:
    """The model after the last epoch. With the file `kept`, it continues from the weights there, and saves them
    after each epoch and at the end."""
    check(experiment, data)
    model, step = new_model(backends.load(backend), experiment), 0
    if kept is not None and kept.exists():
        result = dict(np.load(kept))
        step = int(result.pop("step"))
        weights = {name: value for name, value in result.items() if "/" not in name}
        slots = {name: value for name, value in result.items() if "/" in name}
        model.restore(State(weights, slots, step))
    per_epoch, end = (each(experiment.training, len(data.train.y)) for each in (steps_per_epoch, total_steps))
    for report in steps(model, data, experiment, step):
        if kept is not None and (report.step % per_epoch == 0 or report.step == end):
            state = model.state()
            arrays: dict[str, Any] = {**state.weights, **state.slots}
            np.savez(kept, step=report.step, **arrays)
    return model


def network_file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '-')}.npz"


def accuracies(name: str, options) -> dict[str, float]:
    """{change: accuracy in percent}"""
    experiment = digit_network(name, options.epochs, options.quick)
    data = prepare(catalogue.load("mnist"), experiment.data, experiment.seed)
    model = trained(experiment, data, options.backend, network_file(options.keep, name) if options.keep else None)
    epochs = model.state().step / steps_per_epoch(experiment.training, len(data.train.y))
    judge = first_test_images(model, data, catalogue.load("mnist"), experiment.training)
    return {"epochs": epochs} | {
        change: 100 * judge.right(kind, amount) / len(judge.labels) for change, (kind, amount) in CHANGES.items()
    }


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("network", nargs="*", choices=[[], *NETWORKS], help="which networks (default: all)")
    parser.add_argument("--backend", default="tensorflow", choices=backends.names())
    parser.add_argument("--epochs", type=int, help="train fewer epochs than the known result")
    parser.add_argument(
        "--quick", action="store_true", help="ReLU, Adam, batches of 64, few epochs: minutes instead of an hour"
    )
    parser.add_argument("--keep", type=Path, help="save the weights in this folder and continue from them")
    return parser.parse_args()


if __name__ == "__main__":
    main()
