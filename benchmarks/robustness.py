"""How four digit networks, trained on clean pictures, do on changed ones: `python -m benchmarks.robustness [--epochs N]`
prints a table of accuracies in percent over the first 2,000 test pictures. Needs the MNIST files."""

import argparse

import backends
from benchmarks.curriculum import nielsen
from core.data import catalogue
from core.data.prepared import prepare
from core.measures.robustness import BY_NAME, MOST, Judge, measure
from core.network.initial_weights import initial_weights
from core.training import EpochEnded, check, train


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
    mnist = catalogue.load("mnist")
    data = prepare(mnist, experiment.data, experiment.seed)
    check(experiment, data)
    model = backends.load(backend).build(
        experiment.network, initial_weights(experiment.network, experiment.seed), experiment.training
    )
    for report in train(model, data, experiment):
        if isinstance(report, EpochEnded):
            continue
    rows, labels = data.test.rows[:MOST], data.test.y[:MOST]
    judge = Judge(model, data.scaling, "float32", experiment.training.loss, mnist.pictures[rows], labels)
    return {_words(change, strength): 100 * right / len(labels) for change, strength, right in measure(judge)}


def _words(change: str | None, strength: float) -> str:
    return f"{BY_NAME[change].label.lower()} {strength:g}" if change else "none"


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("network", nargs="*", choices=[[], *NETWORKS], help="which networks (default: all)")
    parser.add_argument("--backend", default="tensorflow", choices=backends.names())
    parser.add_argument("--epochs", type=int, help="fewer than the network is known for")
    return parser.parse_args()


if __name__ == "__main__":
    main()
