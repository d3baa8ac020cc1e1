"""A vote of several runs: chosen here, and compared with each of its members on the same images."""

import numpy as np
import streamlit as st

from core.metrics.evaluation import Evaluation
from core.metrics.mcnemar import LEVEL, McNemar, mcnemar
from core.ratio import error
from core.runs import ensemble, predictions
from core.runs.folder import Run, RunError
from core.runs.grouping import family
from core.runs.predictions import Predictions
from pages.parts.runs.run_names import distinct
from pages.parts.runs.runs_picker import run_labels
from pages.ui.formatting import plain, share
from pages.ui.number_table import numbers
from pages.ui.page_script import address
from pages.ui.tables import table


MOST_MEMBERS = 20


def vote_with_others(run: Run, recording: Predictions, part: str, everything: list[Run]) -> Predictions | None:
    """Lets the reader add runs to a vote with this one, and shows it beside its members; None without a vote."""
    others = _candidates(run, part, everything)
    if not others:
        st.markdown("Train a second run on the same data, for example with another seed, and let both vote.", width=720)
        address("vote", None)
        return None
    st.markdown(
        "Networks that start from other weights make other mistakes. In a vote, their probabilities are averaged: "
        "often the mean is right where a single network is wrong.",
        width=720,
    )
    linked = (st.query_params.get("vote") or "").split(",")
    chosen = st.multiselect(
        "Vote with",
        list(others),
        [run_id for run_id in others if run_id in linked],
        key=f"vote-{run.id}",
        format_func=run_labels(others).__getitem__,
        max_selections=MOST_MEMBERS - 1,
        placeholder="Choose runs on the same data",
        width=640,
    )
    address("vote", ",".join(chosen) or None)
    members = {run.id: recording}
    for run_id in chosen:
        try:
            members[run_id] = ensemble.in_the_order_of(recording, run, others[run_id], part)
        except RunError as problem:
            st.warning(f"{plain(run_labels(others)[run_id])} cannot vote: {problem}.")
    if len(members) == 1:
        return None
    runs = [run, *(others[run_id] for run_id in members if run_id != run.id)]
    result = ensemble.vote(runs, list(members.values()))
    _beside_members(result, runs, list(members.values()), f"{run.id}-{part}")
    return result


def _candidates(run: Run, part: str, everything: list[Run]) -> dict[str, Run]:
    """The other runs on the same data that have predictions; first those that differ from this one in the seed only."""
    others = [
        it
        for it in everything
        if it.id != run.id
        and it.experiment.data.name == run.experiment.data.name
        and part in predictions.kept(it.predictions_path)
    ]
    own = family(run.experiment)
    return {it.id: it for it in sorted(others, key=lambda it: family(it.experiment) != own)}


def _beside_members(result: Predictions, runs: list[Run], members: list[Predictions], key: str) -> None:
    right = np.argmax(result.logits, axis=1) == result.labels
    each = [
        Evaluation(member.logits, member.labels, run.experiment.training.loss).right
        for run, member in zip(runs, members, strict=True)
    ]
    tests = [mcnemar(right, single) for single in each]
    accuracy, singles = float(np.mean(right)), [float(np.mean(single)) for single in each]
    names = distinct(runs)
    rows = [
        [
            name,
            share(single),
            share(error(single)),
            _points(accuracy - single),
            f"{test.only_first}",
            f"{test.only_second}",
            _verdict(test),
        ]
        for name, single, test in zip(names, singles, tests, strict=True)
    ]
    rows.append([f"**Vote of {len(runs)}**", f"**{share(accuracy)}**", f"**{share(error(accuracy))}**", "", "", "", ""])
    header = ["network", "accuracy", "error", "vote − network", "only vote right", "only it right", "difference"]
    table(header, rows, "Accuracy of each network and of their vote")
    st.markdown(
        ":small[McNemar's test compares the images on which only one of the two is right: if both were equally good, "
        "each of these images would be a coin toss. A division that coins produce in less than "
        f"{share(LEVEL)} of cases is larger than chance.]",
        width=720,
    )
    columns: dict[str, list] = {
        "network": [*names, f"vote of {len(runs)}"],
        "accuracy": [*singles, accuracy],
        "only the vote right": [*(test.only_first for test in tests), np.nan],
        "only the network right": [*(test.only_second for test in tests), np.nan],
        "p": [*(test.p for test in tests), np.nan],
    }
    numbers("The vote with all digits", columns, f"vote-{key}")


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}\N{NO-BREAK SPACE}points".replace("-", "−")


def _verdict(test: McNemar) -> str:
    return f"{'larger than' if test.larger_than_chance else 'within'} chance (p = {test.p:.2g})"
