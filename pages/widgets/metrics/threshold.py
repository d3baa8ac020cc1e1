"""A threshold over scored cases: the four counts, the measures, ROC and precision-recall curves."""

import numpy as np
from pydantic import Field, model_validator

from core.metrics import roc_pr
from core.metrics.threshold import Outcome, outcome
from core.spec import Spec
from pages.ui.dial import count, curve, dial, frame, number, outcome_bars, outcome_lines
from pages.ui.translations import words


STEPS = 20


class Options(Spec):
    """`truth` 0 or 1 and `scores` from 0 to 1, one per case; `curves`: which of roc and pr are drawn."""

    truth: tuple[bool, ...] = Field(min_length=2, max_length=60)
    scores: tuple[float, ...] = Field(min_length=2, max_length=60)
    curves: tuple[str, ...] = ("roc", "pr")
    start: float = Field(default=0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _fit(self):
        if len(self.truth) != len(self.scores):
            raise ValueError(f"give one score per case: {len(self.scores)} scores for {len(self.truth)} cases")
        if not all(0 <= score <= 1 for score in self.scores):
            raise ValueError("a score must be a number from 0 to 1")
        if unknown := sorted(set(self.curves) - {"roc", "pr"}):
            raise ValueError(f"there is no curve {unknown[0]!r}; choose from roc and pr")
        return self


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    truth, scores = np.array(options.truth, bool), np.array(options.scores)
    steps = [round(k / STEPS, 2) for k in range(STEPS + 1)]
    order = np.argsort(-scores, kind="stable")
    dial(
        f"{key}-dial",
        texts["threshold"],
        [position(outcome(truth, scores, at), at, options, texts) for at in steps],
        int(np.argmin(np.abs(np.array(steps) - options.start))),
        strip=[[float(scores[k]), bool(truth[k])] for k in order],
        charts=[chart(name, truth, scores, texts) for name in options.curves],
        columns=[texts["threshold"], "TP", "FN", "FP", "TN", texts["recall"], texts["fpr"], texts["precision"]],
    )


def position(result: Outcome, at: float, options: Options, texts: dict[str, str]) -> dict:
    counts = [count(value) for value in (result.tp, result.fn, result.fp, result.tn)]
    marks = {
        "roc": [result.false_positive_rate, result.recall],
        "pr": None if np.isnan(result.precision) else [result.recall, result.precision],
    }
    return frame(
        f"{at:.2f}",
        outcome_lines(result),
        position=at,
        accepted=result.tp + result.fp,
        counts=counts,
        bars=outcome_bars(result, texts["yes"], texts["no"], texts["called_yes"]),
        marks=[marks[name] for name in options.curves],
        row=[
            f"{at:.2f}",
            *counts,
            number(result.recall),
            number(result.false_positive_rate),
            number(result.precision),
        ],
    )


def chart(name: str, truth: np.ndarray, scores: np.ndarray, texts: dict[str, str]) -> dict:
    if name == "roc":
        result = roc_pr.roc(truth, scores)
        points = np.stack([result.false_positive_rate, result.true_positive_rate], axis=1)
        return curve(texts["roc"].format(area=result.area), texts["fpr"], texts["tpr"], points, diagonal=True)
    line = roc_pr.precision_recall(truth, scores)
    points = np.stack([line.recall, line.precision], axis=1)
    title = texts["pr"].format(area=line.average_precision)
    return curve(title, texts["recall"], texts["precision"], points, level=float(truth.mean()))
