"""A transfer experiment: started here, measured in a separate process, shown as a chart and a table."""

import numpy as np
import streamlit as st

from backends.executors import transfer_jobs
from backends.executors.command_jobs import Job
from core.figures.transfer import accuracies
from core.metrics.paired_seeds import Paired, paired
from core.runs.folder import Run, runs_folder
from core.transfer import plan as plans
from core.transfer.plan import CLASSIFIERS, FEATURES, Features, Plan, Result
from pages.ui import backend_labels
from pages.ui.formatting import moment, plain, sentence, share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers
from pages.ui.tables import table


TICK = 0.5
PLURAL: dict[Features, str] = {
    "network": "the trained network",
    "untrained": "the same network before training",
    "pixels": "raw pixels",
    "edges": "edge histograms",
}


VERDICT = {"larger": "more than chance", "within": "within chance", "unknown": "one draw says nothing about chance"}


def results(plan: Plan, run: Run) -> None:
    """The result of this plan, the progress of its measurement, or the button that starts it."""
    result, job = plans.load(plan, runs_folder()), transfer_jobs.of(plan)
    if job is not None and not job.ended and not job.stopped:
        st.fragment(_progress, run_every=TICK)(job, plan)
        return
    if job is not None and job.error:
        st.error(sentence(job.error))
    label = "Measure" if result is None else "Measure again"
    if st.button(label, key="transfer-start", type="primary" if result is None else "secondary"):
        transfer_jobs.start(plan, run)
        st.rerun()
    if result is not None:
        _result(result)


def _progress(job: Job, plan: Plan) -> None:
    if job.ended or job.stopped:
        st.rerun()
    if job.waits:
        st.progress(0.0, "Waiting until another measurement has ended.")
    else:
        text = (
            f"{min(job.done, plan.count)} of {plan.count} classifiers" if job.done else "Computing the first features"
        )
        st.progress(job.share, text)
    st.button("Stop", key="transfer-stop", on_click=job.stop)


def _result(result: Result) -> None:
    rows = plans.table(result)
    largest = result.plan.each[-1]
    means = {row["features"]: row["mean"] for row in rows if row["each"] == largest}
    chart(
        accuracies(result),
        f"transfer-{result.plan.hash}",
        f"{CLASSIFIERS[result.plan.classifier]} on {_described(result)}: which features need the fewest images?",
        f"Accuracy over the number of training images per class. With {largest}: "
        + ", ".join(f"{FEATURES[features]} {share(mean)}" for features, mean in means.items())
        + ".",
        380,
    )
    st.markdown(
        f":small[{result.images:,} test images; bands: one standard deviation over {result.plan.draws} draws. "
        f"Guessing gets {share(result.guessing)}. Features computed by {backend_labels.label(result.backend)} "
        f"{result.version}; {moment(result.date, st.context.timezone)}.]"
    )
    if result.remark:
        st.markdown(f"{result.remark} Pixels and edges are those of the same images.")
    st.markdown(_winners(result), width=720)
    for other in ("untrained", "pixels", "edges"):
        if other in result.width:
            _against(result, other)
    _table(result)
    columns: dict[str, list] = {
        "features": [FEATURES[row["features"]] for row in rows],
        "numbers per image": [result.width[row["features"]] for row in rows],
        "images per class": [row["each"] for row in rows],
        "mean accuracy": [row["mean"] for row in rows],
        "standard deviation": [np.nan if row["deviation"] is None else row["deviation"] for row in rows],
    }
    numbers("All accuracies as a table", columns, f"transfer-{result.plan.hash}")


def _described(result: Result) -> str:
    names = ", ".join(plain(name) for name in result.classes[:6])
    return names if len(result.classes) <= 6 else f"{names}, …"


def _winners(result: Result) -> str:
    """Which features are best at each number of images, by how much, and whether the spread of the draws allows to say
    so."""
    clauses = []
    for each in result.plan.each:
        means = {features: float(np.mean(result.accuracies(features, each))) for features in result.width}
        best, second = sorted(means, key=lambda features: -means[features])[:2]
        lead = paired(result.accuracies(second, each), result.accuracies(best, each))
        clauses.append(
            f"{each} images per class: **{PLURAL[best]}**, with {share(means[best])}, {100 * lead.mean:.1f} points "
            f"ahead of {PLURAL[second]} ({VERDICT[lead.verdict]})"
        )
    return f"Best with {'; with '.join(clauses)}."


def _against(result: Result, other: Features) -> None:
    """Trained features compared with others, draw by draw, for the fewest and the most images."""
    lines = []
    for each in sorted({result.plan.each[0], result.plan.each[-1]}):
        difference = paired(result.accuracies(other, each), result.accuracies("network", each))
        lines.append(f"- {each} images per class: {_conclusion(difference)}")
    st.markdown(f"The trained network compared with {PLURAL[other]}:\n\n" + "\n".join(lines), width=720)


def _conclusion(it: Paired) -> str:
    def points(value: float) -> str:
        return f"{100 * value:+.1f}".replace("-", "−")

    verdict = VERDICT[it.verdict]
    better = "better" if it.mean > 0 else "worse" if it.mean < 0 else "the same"
    interval = f"95 % interval {points(it.low)} to {points(it.high)} over {it.count} draws"
    return f"**{points(it.mean)} points**, {better} ({interval}: {verdict})."


def _table(result: Result) -> None:
    cells = {(row["features"], row["each"]): row for row in plans.table(result)}
    header = ["features", *(f"{each} per class" for each in result.plan.each)]
    shown = [
        [
            f"**{FEATURES[features]}** :small[({width:,} numbers)]",
            *(_cell(cells[features, each]) for each in result.plan.each),
        ]
        for features, width in result.width.items()
    ]
    table(header, shown, "Mean accuracy with its standard deviation, by features and images per class")


def _cell(row: dict) -> str:
    spread = "" if row["deviation"] is None else f" ± {100 * row['deviation']:.1f}"
    return f"{100 * row['mean']:.1f}{spread} %".replace(" ", "\N{NO-BREAK SPACE}")
