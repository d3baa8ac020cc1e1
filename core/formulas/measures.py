"""Metrics as formulas with the counts of one run: what is divided by what. LaTeX without fractions, which a narrow
screen could not wrap, or plain text for the cell of a table."""

import numpy as np

from core.arrays import Array
from core.metrics.calibration import Reliability
from core.metrics.confusion import balanced_accuracy, class_scores, macro, micro, outcomes, weighted
from core.metrics.threshold import Outcome
from core.ratio import ratio


SHOWN = 3
"""How many terms of a sum a formula shows; the others become dots."""


def four_cells(outcome: Outcome) -> dict[str, str]:
    """Score -> formula, for example "TP / (TP + FP) = 7 / (7 + 2)"."""
    tp, fn, fp, tn = (f"{count:,}" for count in (outcome.tp, outcome.fn, outcome.fp, outcome.tn))
    formulas = {
        "accuracy": f"(TP + TN) / all = ({tp} + {tn}) / {outcome.tp + outcome.fn + outcome.fp + outcome.tn:,}",
        "precision": f"TP / (TP + FP) = {tp} / ({tp} + {fp})",
        "recall": f"TP / (TP + FN) = {tp} / ({tp} + {fn})",
        "specificity": f"TN / (TN + FP) = {tn} / ({tn} + {fp})",
        "f1": f"2 TP / (2 TP + FP + FN) = {2 * outcome.tp:,} / ({2 * outcome.tp:,} + {fp} + {fn})",
    }
    return {score: _unbroken_sides(formula) for score, formula in formulas.items()}


def _unbroken_sides(formula: str) -> str:
    """The formula with no-break spaces, so that a narrow cell wraps it only at the equals sign."""
    return " = ".join(side.replace(" ", "\N{NO-BREAK SPACE}") for side in formula.split(" = "))


def averaged_recall(matrix: Array) -> dict[str, str]:
    """Kind of average -> LaTeX, for the recall of a confusion matrix (K, K); precision and F1 are averaged likewise."""
    recall, support = class_scores(matrix).recall, matrix.sum(axis=1)
    tp = outcomes(matrix)[0]
    used = matrix.sum(axis=0) + support > 0
    plain, occurring = np.nan_to_num(recall), ~np.isnan(recall)
    heavy = [rf"{count} \cdot {_three(value)}" for count, value in zip(support, plain, strict=True)]
    total = int(support.sum())
    return {
        "macro": _mean(plain[used], macro(matrix).recall),
        "micro": rf"({_sum([str(count) for count in tp])}) / {total} = {tp.sum()} / {total} "
        rf"= {_three(micro(matrix).recall)}",
        "weighted": rf"({_sum(heavy)}) / {total} = {_three(weighted(matrix).recall)}",
        "balanced": _mean(recall[occurring], balanced_accuracy(matrix)),
    }


def expected_error(bins: Reliability) -> str:
    """LaTeX of the expected calibration error, with the count, accuracy and confidence of the fullest bins."""
    full = [index for index in np.argsort(-bins.counts, kind="stable") if bins.counts[index]]
    terms = [
        rf"{bins.counts[b]} \cdot |{_three(bins.accuracy[b])} - {_three(bins.confidence[b])}|" for b in full[:SHOWN]
    ]
    added = " + ".join(terms) + (r" + \dots" if len(full) > SHOWN else "")
    return rf"({added}) / {bins.counts.sum()} = {bins.expected_error:.4f}"


def prior_matched(judged: Array, training: Array, result: float) -> str:
    """LaTeX of the sum over the classes of their training share times their evaluation share; (K,) counts each."""
    ours, theirs = ratio(judged, judged.sum()), ratio(training, training.sum())
    terms = [rf"{_three(a)} \cdot {_three(b)}" for a, b in zip(theirs, ours, strict=True)]
    return rf"\sum_k \pi_k q_k = {_sum(terms)} = {_three(result)}"


def _mean(values: Array, result: float) -> str:
    return rf"({_sum([_three(value) for value in values])}) / {len(values)} = {_three(result)}"


def _sum(terms: list[str]) -> str:
    return " + ".join(terms if len(terms) <= SHOWN + 1 else [*terms[:SHOWN], r"\dots", terms[-1]])


def _three(value: float) -> str:
    return f"{value:.3f}"
