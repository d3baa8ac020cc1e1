"""Repeats runs with known results on real data: `python -m benchmarks.curriculum [NAME ...]` prints one line per run,
with the published or previously measured accuracy next to ours. Needs the MNIST files, and FER2013 for the faces."""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

import backends
from core.data import catalogue
from core.data.prepared import prepare
from core.experiment import experiment as experiments, presets
from core.experiment.curriculum import nielsen
from core.experiment.experiment import Experiment
from core.metrics.confusion import confusion
from core.metrics.rejection import refused_for
from core.recipe.optimizers import Adadelta
from core.training.fit import new_model
from core.training.loop import EpochEnded, check, evaluate, measured, train


@dataclass(frozen=True)
class Known:
    """An experiment and its known test accuracy in percent."""

    experiment: Callable[[], Experiment]
    figure: float
    at_least: float
    """The accuracy that ours must reach; 0: no requirement."""


def main() -> None:
    options = _arguments()
    for name in options.name or KNOWN:
        line = run(name, KNOWN[name], options.backend)
        print(json.dumps(line) if options.json else summary(line), flush=True)


def run(name: str, known: Known, backend: str) -> dict:
    """Train to the end. Test accuracies are those of the epoch with the best validation accuracy, as in Nielsen's
    network3, and of the last epoch."""
    experiment = known.experiment()
    data = prepare(catalogue.load(experiment.data.name), experiment.data, experiment.seed)
    check(experiment, data)
    loss = experiment.training.loss
    model = new_model(backends.load(backend), experiment)
    begun, best, curve, test = time.perf_counter(), -1.0, [], {}
    for report in train(model, data, experiment):
        if not isinstance(report, EpochEnded):
            continue
        curve.append(report.validation.get("accuracy", 0.0))
        if curve[-1] > best:
            best, test = curve[-1], evaluate(model, data.test, loss)
    outputs, training = model.predict(data.test.x), evaluate(model, data.train, loss)
    last = measured(outputs, data.test.y, loss)
    return {
        "name": name,
        "backend": backend,
        "epochs": len(curve),
        "test": round(100 * test["accuracy"], 2),
        "last": round(100 * last["accuracy"], 2),
        "train": round(100 * training["accuracy"], 2),
        "recall": [round(100 * r, 1) for r in recalls(outputs, data.test.y)],
        "refused": refused_for(outputs, data.test.y, 0.01),
        "known": known.figure,
        "at_least": known.at_least,
        "seconds": round(time.perf_counter() - begun, 1),
        "validation": {
            str(e): round(100 * curve[e - 1], 1) for e in (1, 3, 5, 10, 12, 15, 30, 40, 60, 100) if e <= len(curve)
        },
    }


def recalls(outputs, labels) -> list[float]:
    """The recall of each class."""
    counts = confusion(labels, outputs.argmax(axis=1), outputs.shape[1])
    return [float(right) for right in np.diag(counts) / np.maximum(counts.sum(axis=1), 1)]


def summary(line: dict) -> str:
    reached = "" if line["test"] >= line["at_least"] else f"  BELOW {line['at_least']}"
    return (
        f"{line['name']:<28}{line['backend']:<12}{line['epochs']:>4} epochs  test {line['test']:6.2f} "
        f"(last {line['last']:6.2f}, train {line['train']:6.2f})  "
        f"known {line['known']:6.2f}  {line['seconds']:7.1f} s{reached}\n"
        f"{'':<28}recall per class {line['recall']}; refused for 1 % error: {line['refused']} %"
    )


# --- the experiments


def of_4000(name: str, epochs: int, **fields) -> Callable[[], Experiment]:
    """The first 4,000 digits, 1,000 for validation, all 10,000 test digits."""
    split = {"data.train": 4_000, "data.validation": 1_000, "data.test": 10_000, "training.epochs": epochs}
    return lambda: experiments.changed(presets.experiment(name, "mnist"), **split, **fields)


def homework(function: str, initial: dict, drop: float = 0.0, learning_rate: float = 1.0) -> Callable[[], Experiment]:
    """500-50-10 on 4,000 digits, 100 epochs with Adadelta: one cell of the homework grid."""

    def experiment() -> Experiment:
        optimizer = Adadelta(learning_rate=learning_rate, rho=0.95, epsilon=1e-7).model_dump(mode="json")
        document = of_4000("dense-500-50-10", 100)().model_dump(mode="json")
        document["training"]["optimizer"] = optimizer
        layers = document["network"]["layers"]
        for layer in layers:
            if layer["kind"] == "activation":
                layer["function"] = function
            if layer["kind"] == "dense":
                layer["weights"] = initial
                layer["biases"] = initial if initial["kind"] != "glorot_uniform" else {"kind": "zeros"}
        if drop:
            document["network"]["layers"] = [
                part
                for layer in layers
                for part in ([layer, {"kind": "dropout", "rate": drop}] if layer["kind"] == "activation" else [layer])
            ]
        return experiments.from_json(json.dumps(document))

    return experiment


def zip_net() -> Experiment:
    """With as many images as the zip codes of 1989."""
    split = {"data.train": 7_291, "data.validation": 1_000, "data.test": 2_007}
    return experiments.changed(presets.experiment("zip-net", "mnist-16x16"), **split)


def faces(**fields) -> Callable[[], Experiment]:
    """A small CNN on FER2013, 10 epochs."""
    recipe = {"training.epochs": 10, "training.batch_size": 64}
    return lambda: experiments.changed(presets.experiment("live-cnn", "fer2013"), **recipe, **fields)


GLOROT, ZERO, SAME = {"kind": "glorot_uniform"}, {"kind": "zeros"}, {"kind": "constant", "value": 0.05}
NORMAL_1, NORMAL_5 = {"kind": "normal", "std": 1.0}, {"kind": "normal", "std": 5.0}

KNOWN = {
    "network3-dense": Known(partial(nielsen, "network3-dense", 60), 97.75, 97.5),
    "network3-first-cnn": Known(partial(nielsen, "network3-first-cnn", 40), 98.76, 98.6),
    "network3-two-conv": Known(partial(nielsen, "network3-two-conv", 10), 98.61, 98.3),
    "network3-conv-softmax": Known(partial(nielsen, "network3-conv-softmax", 15), 98.28, 98.0),
    "network3-two-conv-relu": Known(partial(nielsen, "network3-two-conv-relu", 15), 98.93, 98.4),
    "one-layer-softmax": Known(partial(nielsen, "one-layer-softmax", 3), 92.1, 91.5),
    "live-cnn": Known(of_4000("live-cnn", 12), 96.9, 95.5),
    "grid-sigmoid-zero": Known(homework("sigmoid", ZERO), 31.2, 0),
    "grid-sigmoid-same": Known(homework("sigmoid", SAME), 9.8, 0),
    "grid-sigmoid-normal-5": Known(homework("sigmoid", NORMAL_5), 31.3, 0),
    "grid-sigmoid-normal-1": Known(homework("sigmoid", NORMAL_1), 84.7, 80),
    "grid-sigmoid-glorot": Known(homework("sigmoid", GLOROT), 91.9, 90),
    "grid-tanh-glorot": Known(homework("tanh", GLOROT), 92.7, 0),
    "grid-relu-glorot": Known(homework("relu", GLOROT), 94.1, 93),
    "grid-relu-same": Known(homework("relu", SAME), 11.4, 0),
    "grid-relu-dropout-0.3": Known(homework("relu", GLOROT, drop=0.3), 94.9, 94),
    "grid-relu-dropout-0.5": Known(homework("relu", GLOROT, drop=0.5), 94.9, 94),
    "grid-sigmoid-adadelta-0.001": Known(homework("sigmoid", GLOROT, learning_rate=0.001), 17.2, 0),
    "zip-net": Known(zip_net, 95.9, 94.0),
    "faces": Known(faces(), 45.0, 0),
    "faces-class-weights": Known(faces(**{"training.class_weights": {"kind": "balanced"}}), 45.0, 0),
    "faces-repeated": Known(faces(**{"data.balance": {"kind": "oversample"}}), 45.0, 0),
}


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curriculum", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *KNOWN], help="which runs (default: all)")
    parser.add_argument("--backend", default="tensorflow", choices=backends.names())
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")
    return parser.parse_args()


if __name__ == "__main__":
    main()
