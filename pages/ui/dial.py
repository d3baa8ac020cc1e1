"""A value that is moved in the browser, and all that hangs on it: each position is computed here and sent at once.

`frame` is one position of the dial; `dial` mounts pages/ui/browser/dial.js, which shows frames and computes nothing.
"""

from math import isnan

from core.metrics.threshold import Outcome
from pages.ui.component import component
from pages.ui.translations import words


def dial(key: str, label: str, frames: list[dict], start: int, own: dict | None = None, **parts) -> None:
    """`own` words of the widget; `parts`: charts (see `curve`), strip (cases as [score, is yes]), columns (heads of the table of all frames)."""
    data = {"label": label, "frames": frames, "start": start, "words": words(__file__) | (own or {}), **parts}
    component("dial")(key=key, data=data)


def frame(value: str, lines: list[list[str]], **parts) -> dict:
    """`lines` are [name, formula with numbers, value]; parts: marks (a point [x, y] for each chart), counts, bars,
    accepted (how many cases of the strip say yes), row (of the table)."""
    return {"value": value, "lines": lines, **parts}


def curve(title: str, x: str, y: str, points, **options) -> dict:
    """`points` (N, 2); options: diagonal = True, level (a dotted height), top and right (ends of the axes, 1 if not given),
    percent = True,
    counted = True (the lower axis is no share)."""
    return {"title": title, "x": x, "y": y, "points": [[float(a), float(b)] for a, b in points], **options}


def outcome_lines(outcome: Outcome) -> list[list[str]]:
    """The measures with the current counts in their formulas."""
    say = words(__file__)
    tp, fn, fp, tn = map(count, (outcome.tp, outcome.fn, outcome.fp, outcome.tn))
    return [
        [
            say["accuracy"],
            f"(TP + TN) / {say['all']} = ({tp} + {tn}) / ({tp} + {fn} + {fp} + {tn})",
            number(outcome.accuracy),
        ],
        [say["recall"], f"TP / (TP + FN) = {tp} / ({tp} + {fn})", number(outcome.recall)],
        [say["specificity"], f"TN / (TN + FP) = {tn} / ({tn} + {fp})", number(outcome.specificity)],
        [say["precision"], f"TP / (TP + FP) = {tp} / ({tp} + {fp})", number(outcome.precision)],
        ["F1", f"2 · TP / (2 · TP + FP + FN) = 2 · {tp} / (2 · {tp} + {fp} + {fn})", number(outcome.f1)],
    ]


def outcome_bars(outcome: Outcome, yes: str, no: str, said: str) -> list[dict]:
    """Three shares side by side: of the yes cases, of the no cases, of those that were called yes."""
    say = words(__file__)

    def labelled_count(name: str, cases: float) -> str:
        return say[name].format(count=count(cases))

    return [
        bar(yes, outcome.recall, labelled_count("found", outcome.tp), labelled_count("missed", outcome.fn)),
        bar(no, outcome.specificity, labelled_count("let go", outcome.tn), labelled_count("false alarm", outcome.fp)),
        bar(said, outcome.precision, labelled_count("rightly", outcome.tp), labelled_count("wrongly", outcome.fp)),
    ]


def bar(label: str, share: float, good: str, bad: str) -> dict:
    """`share` of it is good; an empty bar where there is nothing to divide."""
    return {"label": label, "share": None if isnan(share) else share, "good": good, "bad": bad, "value": number(share)}


def number(value: float) -> str:
    return words(__file__)["none"] if isnan(value) else f"{value:.4g}"


def count(value: float) -> str:
    """Whole where it is, else with one digit: counts to be expected need not be whole."""
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-6 else f"{value:,.1f}"
