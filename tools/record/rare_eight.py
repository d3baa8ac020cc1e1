"""A rare digit: six remedies with three seeds each, and shifted logits without any remedy."""

import numpy as np

from core.experiment import curriculum
from core.experiment.curriculum import RARE
from core.experiment.imbalance_remedies import remedied, remedies
from core.metrics.confusion import confusion
from core.metrics.prior_shift import moved
from core.metrics.rare_class import rare_scores
from core.training.loop import outputs
from tools.record.training import computed_by, prepared, rounded, trained


BACKEND = "pytorch"
SEEDS = (1, 2, 3)
REMEDIES = ("none", "undersample", "oversample", "class-weights", "noisy-copies", "transformed-copies")
SCORES = ("recall", "precision", "balanced", "accuracy", "macro_f1")
STRENGTHS = np.round(np.linspace(0, 3, 31), 2)


def rare_eight() -> dict:
    """The fields of Measured."""
    result = {name: [_rare_run(name, seed) for seed in SEEDS] for name in REMEDIES}
    scores = [
        [[getattr(rare_scores(confused(*run), RARE), of) for of in SCORES] for run in result[n]] for n in REMEDIES
    ]
    taken = [np.sum([confused(*run)[RARE] for run in result[name]], axis=0).tolist() for name in REMEDIES]
    moving = np.mean([[_moved_scores(*run, strength) for strength in STRENGTHS] for run in result["none"]], axis=0)
    what = (
        "1,000 MNIST images per digit, but only 30 of the 8; six remedies, three seeds each; "
        "evaluated on all 10,000 test digits"
    )
    numbers = {
        "remedies": list(REMEDIES),
        "scores": rounded(scores),
        "taken": taken,
        "strengths": STRENGTHS.tolist(),
        "moved": rounded(moving),
    }
    return {**computed_by(BACKEND), "what": what, "experiment": curriculum.rare_eight(1), "numbers": numbers}


def _rare_run(remedy: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outputs (N, K) and labels (N,) of the test part, training counts (K,)."""
    experiment = remedied(curriculum.rare_eight(seed), remedies()[remedy])
    data = prepared(experiment)
    model = trained(BACKEND, experiment, data)
    return outputs(model, data.test), data.test.y, np.bincount(data.train.y, minlength=10)


def confused(logits: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return confusion(labels, logits.argmax(axis=1), logits.shape[1])


def _moved_scores(logits, labels, counts, strength: float) -> list[float]:
    result = rare_scores(confused(moved(logits, counts, np.ones(len(counts)), strength), labels, counts), RARE)
    return [result.recall, result.precision, result.accuracy, result.balanced]
