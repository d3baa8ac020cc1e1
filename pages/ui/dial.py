"""A slider that works entirely in the browser: all its positions are computed here and sent ahead.

`frame` describes one position; `dial` mounts pages/ui/browser/dial.js, which shows frames and computes nothing.
"""

from math import isnan

from core.metrics.threshold import Outcome
from pages.ui.component import component
from pages.ui.translations import words


def dial(key: str, label: str, frames: list[dict], start: int, own: dict | None = None, **parts) -> None:
    """`own`: texts of the widget; `parts`: charts (see `curve`), strip (cases as [score, is yes]), columns (headers of
    the table of all frames)."""
    data = {"label": label, "frames": frames, "start": start, "words": words(__file__) | (own or {}), **parts}
    component("dial")(key=key, data=data)


def frame(value: str, lines: list[list[str]], **parts) -> dict:
    """`lines` are [name, formula with numbers, value]; parts: marks (a point [x, y] for each chart), counts, bars,
    accepted (how many cases of the strip are predicted yes), row (of the table)."""
    return {"value": value, "lines": lines, **parts}


def curve(title: str, x: str, y: str, points, **options) -> dict:
    """`points` (N, 2); options: diagonal = True, level (height of a dotted line), top and right (ends of the axes, 1 by
    default), percent = True, counted = True (the x axis shows counts, not shares)."""
    return {"title": title, "x": x, "y": y, "points": [[float(a), float(b)] for a, b in points], **options}


def outcome_lines(outcome: Outcome) -> list[list[str]]:
    """Accuracy, recall, specificity, precision and F1, each with the current counts in its formula."""
    texts = words(__file__)
    tp, fn, fp, tn = map(count, (outcome.tp, outcome.fn, outcome.fp, outcome.tn))
    return [
        [
            texts["accuracy"],
            f"(TP + TN) / {texts['all']} = ({tp} + {tn}) / ({tp} + {fn} + {fp} + {tn})",
            number(outcome.accuracy),
        ],
        [texts["recall"], f"TP / (TP + FN) = {tp} / ({tp} + {fn})", number(outcome.recall)],
        [texts["specificity"], f"TN / (TN + FP) = {tn} / ({tn} + {fp})", number(outcome.specificity)],
        [texts["precision"], f"TP / (TP + FP) = {tp} / ({tp} + {fp})", number(outcome.precision)],
        ["F1", f"2 · TP / (2 · TP + FP + FN) = 2 · {tp} / (2 · {tp} + {fp} + {fn})", number(outcome.f1)],
    ]


def outcome_bars(outcome: Outcome, yes: str, no: str, predicted_yes: str) -> list[dict]:
    """The correct share of the yes cases, of the no cases, and of the cases predicted yes."""
    texts = words(__file__)

    def labelled_count(name: str, cases: float) -> str:
        return texts[name].format(count=count(cases))

    return [
        bar(yes, outcome.recall, labelled_count("found", outcome.tp), labelled_count("missed", outcome.fn)),
        bar(no, outcome.specificity, labelled_count("let go", outcome.tn), labelled_count("false alarm", outcome.fp)),
        bar(
            predicted_yes,
            outcome.precision,
            labelled_count("rightly", outcome.tp),
            labelled_count("wrongly", outcome.fp),
        ),
    ]


def bar(label: str, share: float, good: str, bad: str) -> dict:
    """A bar filled to `share`, the good part; empty if the share is 0/0."""
    return {"label": label, "share": None if isnan(share) else share, "good": good, "bad": bad, "value": number(share)}


def number(value: float) -> str:
    return words(__file__)["none"] if isnan(value) else f"{value:.4g}"


def count(value: float) -> str:
    """Without decimals if it is whole, otherwise with one: expected counts can be fractions."""
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-6 else f"{value:,.1f}"
