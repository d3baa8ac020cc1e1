"""A comparison of remedies: progress with a stop button, and differences with their seed noise."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.metrics.paired_seeds import Paired, paired, sentence as noise_sentence
from core.metrics.rare_class import rarest
from core.ratio import ratio
from core.runs.folder import Run, Status
from core.runs.remedy_comparison import Repeated, said
from pages.parts.imbalance.imbalance_maker import counted
from pages.parts.imbalance.remedy_scores import SCORES, Scored, label
from pages.ui.formatting import duration, plain, sentence
from pages.ui.number_table import numbers
from pages.ui.tables import table


TICK = 0.6


def all_runs_of(scores: Repeated) -> list[Run]:
    return [run for by_seed in scores.values() for run in by_seed.values()]


def progress(scores: Repeated) -> None:
    """Updates as long as a run is active."""
    alive = any(not run.status().ended for run in all_runs_of(scores))
    st.fragment(_progress, run_every=TICK if alive else None)(scores, alive)


def _progress(scores: Repeated, alive: bool) -> None:
    runs = all_runs_of(scores)
    statuses = {run.id: run.status() for run in runs}
    active = [run for run in runs if not statuses[run.id].ended]
    if alive and not active:
        st.rerun()
    done = [status for status in statuses.values() if status.state == "finished"]
    if active:
        _bar(runs, statuses, active, len(done))
    for run in runs:
        if statuses[run.id].state in ("failed", "stopped"):
            show = st.error if statuses[run.id].state == "failed" else st.info
            show(f"{plain(run.experiment.title)}: {sentence(statuses[run.id].reason)}")


def _bar(runs: list[Run], statuses: dict[str, Status], active: list[Run], done: int) -> None:
    first = next((run for run in active if statuses[run.id].step), active[0])
    status = statuses[first.id]
    left = f", {duration(status.seconds_left)} left for this run" if status.seconds_left is not None else ""
    step = f"step {status.step:,} of {status.total_steps:,}{left}" if status.step else "is starting"
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    with bar:
        st.progress(_share_done(runs, statuses))
        st.markdown(f":small[{done} of {len(runs)} runs have finished. Now: {plain(first.experiment.title)}, {step}.]")
    with stop:
        st.button("Stop all", key="stop-remedies", on_click=_stop, args=(active,))


def _stop(runs: list[Run]) -> None:
    """The last ones first, so that none of them starts when another one stops."""
    for run in reversed(runs):
        run.ask("stop")


def _share_done(runs: list[Run], statuses: dict[str, Status]) -> float:
    shares = [
        1.0 if s.ended else float(np.nan_to_num(ratio(s.step, s.total_steps)))
        for s in (statuses[run.id] for run in runs)
    ]
    return float(np.mean(shares))


def differences(scored: Scored, key: str) -> None:
    """Each remedy against the first one, seed by seed."""
    first, *others = scored
    score = st.radio(
        "Score", list(SCORES), key=f"score-{key}", format_func=SCORES.__getitem__, horizontal=True, width="content"
    )
    compared = {remedy: _compared(scored, first, remedy, score) for remedy in others}
    for remedy, it in compared.items():
        st.markdown(f"**{label(remedy)}** compared with {label(first).lower()}: {noise_sentence(it)}")
    st.markdown(
        ":small[Runs with the same seed start from the same weights, so they are compared in pairs: the mean of their "
        "differences, with Student's 95 % confidence interval. If the interval contains 0, the difference could be "
        "seed noise.]"
    )
    columns: dict[str, list] = {"remedy": list(map(label, compared)), "against": [label(first)] * len(compared)}
    columns["score"] = [SCORES[score]] * len(compared)
    fields = {"pairs": "count", "mean": "mean", "deviation": "deviation", "low": "low", "high": "high"}
    columns |= {name: [getattr(it, field) for it in compared.values()] for name, field in fields.items()}
    numbers("The differences as a table", columns, f"differences-{key}")
    st.latex(r"\bar d \pm t_{0.975,\,n-1}\,\frac{s_d}{\sqrt{n}}")


def _compared(scored: Scored, first: str, remedy: str, score: str) -> Paired:
    seeds = [seed for seed in scored[first] if seed in scored[remedy]]
    before, after = ([getattr(scored[name][seed], score) for seed in seeds] for name in (first, remedy))
    return paired(before, after)


def rare_confusions(scores: Repeated, rare: int, names: list[str]) -> None:
    """The predicted classes of the rare class's images, over all seeds."""
    rows = []
    for remedy, runs in scores.items():
        of_rare = [np.argmax(it.logits[it.labels == rare], axis=1) for it in said(runs, "test").values()]
        if of_rare:
            counts = np.bincount(np.concatenate(of_rare), minlength=len(names))
            rows.append(
                [
                    f"**{label(remedy)}**",
                    *(f"**{count:,}**" if k == rare else f"{count:,}" for k, count in enumerate(counts)),
                ]
            )
    if rows:
        table(
            ["remedy", *(f"predicted {plain(name)}" for name in names)],
            rows,
            f"Predicted classes of the images of {names[rare]}",
        )


def rare_class(run: Run) -> tuple[int, list[str]]:
    """The class with the fewest training images before any remedy (the first one in a tie), and all class names."""
    return rarest(before_remedies(run)), list(catalogue.describe(run.experiment.data.name).class_names)


def before_remedies(run: Run) -> np.ndarray:
    """(K,) training images per class before any remedy. Raises DataError."""
    return counted(run.experiment.data.model_dump_json(), run.experiment.seed)["kept"]


def data_label(name: str) -> str:
    """The data set's label; its plain name if the catalogue does not list it."""
    return catalogue.describe(name).label if name in catalogue.names() else plain(name)
