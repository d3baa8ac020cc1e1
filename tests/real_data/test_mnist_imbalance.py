"""A rare 8 in the real MNIST: remedies raise its recall, as measured for the curriculum."""

import numpy as np
import pytest

import backends
from backends.executors.inline import InlineExecutor
from backends.fresh_process import each
from core.data import catalogue
from core.experiment import experiment as experiments
from core.experiment.curriculum import RARE, rare_eight
from core.experiment.imbalance_remedies import remedied, remedies
from core.metrics.confusion import confusion
from core.metrics.rare_class import RareScores, rare_scores
from core.runs import predictions


pytestmark = pytest.mark.slow
SEEDS = (1, 2, 3)


def trained(documents: list[str], backend: str) -> list[RareScores]:
    """The test scores of runs trained in this process."""
    results = []
    for document in documents:
        run = InlineExecutor(backends.load(backend)).start(experiments.from_json(document), backend)
        assert run.events()[-1]["event"] == "finished", run.events()[-1]
        recording = predictions.load(run.predictions_path, "test")
        results.append(rare_scores(confusion(recording.labels, recording.logits.argmax(axis=1), 10), RARE))
    return results


def test_a_rare_eight_is_found_again_and_accuracy_rises_too(monkeypatch, tmp_path, real_data):
    monkeypatch.setenv("CONVSCOPE_DATA", str(real_data))
    if sentence := catalogue.missing("mnist"):
        pytest.skip(sentence)
    monkeypatch.setenv("CONVSCOPE_RUNS", str(tmp_path))
    backend = "pytorch" if backends.missing("pytorch") is None else "reference"
    names = ("none", "undersample", "class-weights", "transformed-copies")
    documents = [remedied(rare_eight(seed), remedies()[name]).to_json() for name in names for seed in SEEDS]
    (scores,) = each(trained, [(documents, backend)])
    means = {
        name: {
            what: float(np.mean([getattr(it, what) for it in scores[3 * k : 3 * k + 3]]))
            for what in ("recall", "accuracy")
        }
        for k, name in enumerate(names)
    }
    assert means["none"]["recall"] < 0.70 and means["transformed-copies"]["recall"] > 0.80, means
    assert means["class-weights"]["recall"] > means["none"]["recall"] + 0.15, means
    assert means["transformed-copies"]["accuracy"] > means["none"]["accuracy"] + 0.01, means
    assert means["class-weights"]["accuracy"] > means["none"]["accuracy"], means
    assert min(means, key=lambda name: means[name]["accuracy"]) == "undersample", means
