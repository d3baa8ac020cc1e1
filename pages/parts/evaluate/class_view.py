"""Scores per class, and one class against the rest with an adjustable threshold."""

from dataclasses import asdict

import numpy as np
import streamlit as st

from core.figures import scores as figures
from core.formulas import measures as measure_formulas
from core.metrics.confusion import balanced_accuracy, class_scores, macro, micro, weighted
from core.metrics.evaluation import Evaluation
from core.metrics.roc_pr import precision_recall, roc
from core.metrics.threshold import Outcome, outcome
from pages.ui.formatting import share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers
from pages.ui.tables import table


def per_class(judged: Evaluation, names: tuple[str, ...], key: str) -> None:
    scores = class_scores(judged.matrix)
    columns = {"class": list(names), **vars(scores)}
    rows = [
        [f"**{name}**", *(share(column[index]) for column in list(vars(scores).values())[:4]), f"{count:,}"]
        for index, (name, count) in enumerate(zip(names, scores.support, strict=True))
    ]
    table(["class", "precision", "recall", "specificity", "F1", "images"], rows, "Scores per class")
    if any(np.isnan(values).any() for values in vars(scores).values()):
        st.markdown(
            ":small[– means 0/0: a class that is never predicted has no precision, and one that never occurs has no "
            "recall. In the averages it counts as 0, as in scikit-learn with zero_division=0.]"
        )
    numbers("The scores per class with all digits", columns, f"classes-{key}")


def averages(judged: Evaluation, key: str) -> None:
    kinds = {"macro": macro(judged.matrix), "micro": micro(judged.matrix), "weighted": weighted(judged.matrix)}
    rows = [[f"**{kind}**", *map(share, asdict(item).values())] for kind, item in kinds.items()]
    table(["average", "precision", "recall", "F1"], rows, "Averages over the classes")
    st.markdown(
        "Macro: every class counts the same, even a rare one. Micro: all decisions are pooled; with one label per "
        "image, this is the accuracy. Weighted: every image counts the same.  \n"
        f"Balanced accuracy, the mean recall of the classes that occur: **{share(balanced_accuracy(judged.matrix))}**. "
        f"Always predicting the same class gives {share(1 / judged.classes)}."
    )
    formulas = measure_formulas.averaged_recall(judged.matrix)
    st.markdown(
        "\n".join(f"- :small[{kind.capitalize()} recall: ${formula}$]" for kind, formula in formulas.items())
        + "\n\n:small[Precision and F1 are averaged the same way.]"
    )
    columns = {name: [getattr(kind, name) for kind in kinds.values()] for name in ("precision", "recall", "f1")}
    numbers("The averages with all digits", {"average": list(kinds), **columns}, f"averages-{key}")


def one_against_the_rest(judged: Evaluation, names: tuple[str, ...], key: str) -> None:
    """The four counts and both curves for one class; the threshold moves the counts and the ring on the curves."""
    left, right = st.columns([1, 2], gap="large", vertical_alignment="bottom")
    chosen = left.selectbox("Class", range(len(names)), key=f"class-{key}", format_func=names.__getitem__)
    threshold = right.slider("Decision threshold", 0.0, 1.0, 0.5, 0.01, key=f"threshold-{key}")
    positive, scores = judged.labels == chosen, judged.probabilities[:, chosen]
    if positive.all() or not positive.any():
        st.info(
            f"{'All' if positive.all() else 'None'} of these images are {names[chosen]}: there are no two groups to "
            "separate. Choose another class."
        )
        return
    result = outcome(positive, scores, threshold)
    _four_cells(result, names[chosen])
    reported = ("tp", "fn", "fp", "tn", "accuracy", "precision", "recall", "specificity", "f1")
    columns = {"threshold": [threshold]} | {name: [getattr(result, name)] for name in reported}
    numbers("The four counts and their scores with all digits", columns, f"cells-{key}-{chosen}")
    _curves(positive, scores, result, names[chosen], f"{key}-{chosen}")


def _four_cells(result: Outcome, name: str) -> None:
    cells, read = st.columns([1, 1], gap="large")
    with cells:
        rows = [
            [f"**is {name}**", _counted(result.tp, "true positive"), _counted(result.fn, "false negative")],
            ["**is another class**", _counted(result.fp, "false positive"), _counted(result.tn, "true negative")],
        ]
        table(["truth", "predicted yes", "predicted no"], rows, f"{name} against the rest at this threshold")
    with read:
        formulas = measure_formulas.four_cells(result)
        rows = [
            ["accuracy", share(result.accuracy), formulas["accuracy"]],
            ["precision", share(result.precision), formulas["precision"]],
            ["recall, sensitivity", share(result.recall), formulas["recall"]],
            ["specificity", share(result.specificity), formulas["specificity"]],
            ["F1", share(result.f1), formulas["f1"]],
        ]
        table(["score", "value", "formula"], rows, "Scores from the four counts")


def _counted(count: float, what: str) -> str:
    return f"{count:,} :small[{what}{'' if count == 1 else 's'}]"


def _curves(positive: np.ndarray, scores: np.ndarray, result: Outcome, name: str, key: str) -> None:
    over, pairs = roc(positive, scores), precision_recall(positive, scores)
    left, right = st.columns(2, gap="large")
    with left:
        chart(
            figures.roc(over, (result.false_positive_rate, result.recall)),
            f"roc-{key}",
            f"ROC: the area under the curve is {over.area:.4f}; 1 is perfect, guessing follows the dotted line (0.5)",
            f"ROC of {name} against the rest; area {over.area:.4f}. At this threshold {share(result.recall)} of {name} "
            f"are detected and {share(result.false_positive_rate)} of the others are mistaken for it.",
            340,
        )
        columns = {"threshold": over.thresholds, "FPR": over.false_positive_rate, "TPR": over.true_positive_rate}
        numbers("The ROC as a table", columns, f"roc-{key}")
    with right:
        chart(
            figures.precision_recall(pairs, float(np.mean(positive)), (result.recall, result.precision)),
            f"pr-{key}",
            f"Precision and recall: average precision {pairs.average_precision:.4f}; the dotted line is always yes",
            f"Precision over recall of {name}; average precision {pairs.average_precision:.4f}. At this threshold "
            f"precision {share(result.precision)}, recall {share(result.recall)}.",
            340,
        )
        columns = {"threshold": pairs.thresholds, "precision": pairs.precision, "recall": pairs.recall}
        numbers("Precision and recall as a table", columns, f"pr-{key}")
