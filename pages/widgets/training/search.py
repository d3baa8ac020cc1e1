"""A search for learning rate and batch size: grid or random, on a budget, scored by recorded cross-validation."""

import numpy as np
import streamlit as st
from pydantic import Field

from core.demos.learning.hyperparameter_search import BUDGETS, KINDS, SearchResult, search
from core.figures.search_plane import searched
from core.runs.grouping import spread
from core.spec import Spec
from pages.recorded import measured
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import whole_of
from pages.ui.live_chart import chart
from pages.ui.translations import words


CONTROLS = ("kind", "budget", "seed")
RECORDING = "search"
LARGEST = 10**9


class Options(Spec):
    kind: str = Field(default="grid", pattern=f"^({'|'.join(KINDS)})$")
    budget: int = Field(default=9)
    seed: int = Field(default=1, ge=0, le=LARGEST)
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    """Runs as a fragment: another search reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts, numbers = words(__file__), measured.load(RECORDING).numbers
    kind, budget, seed = choose(options, key, texts)
    if seed is None:
        st.error(texts["bad_seed"])
        return
    scores, rates, batches = np.array(numbers["accuracy"]), numbers["rates"], numbers["batches"]
    result = search(scores, kind, budget, seed)
    alt = describe_search(result, scores, rates, batches, texts)
    chart(
        searched(result, scores, rates, batches, (texts["batch"], texts["rate"])),
        f"{key}-plane",
        texts["title"],
        alt,
        340,
    )
    st.markdown(alt)
    with st.expander(texts["table"]):
        st.dataframe(table(result, scores, rates, batches, texts), hide_index=True)


def choose(options: Options, key: str, texts: dict[str, str]) -> tuple[str, int, int | None]:
    """Kind, budget and seed; None for an invalid seed."""
    kind, budget, seed = options.kind, options.budget, options.seed
    columns = st.columns(3)
    if offered(options, "kind"):
        kind = columns[0].selectbox(
            texts["kind"],
            KINDS,
            KINDS.index(kind),
            format_func=lambda name: texts[name],
            key=f"{key}-kind",
            bind="query-params",
        )
    if offered(options, "budget"):
        budget = columns[1].selectbox(
            texts["budget"], BUDGETS, BUDGETS.index(budget), key=f"{key}-budget", bind="query-params"
        )
    if offered(options, "seed") and kind == "random":
        typed = whole_of(columns[2].text_input(texts["seed"], str(seed), key=f"{key}-seed"))
        return kind, budget, typed if isinstance(typed, int) and 0 <= typed <= LARGEST else None
    return kind, budget, seed


def offered(options: Options, name: str) -> bool:
    return name in options.controls and not hidden(name)


def describe_search(result: SearchResult, scores: np.ndarray, rates: list, batches: list, texts: dict[str, str]) -> str:
    i, j = result.best
    over = spread(list(100 * scores[result.best]))
    summary = texts["alt"].format(
        tried=len(result.tried),
        all=scores.shape[0] * scores.shape[1],
        rate=rates[i],
        batch=batches[j],
        mean=over.mean,
        deviation=over.deviation,
    )
    if result.behind == 0:
        return f"{summary} {texts['top']}"
    top = np.unravel_index(scores.mean(axis=2).argmax(), scores.shape[:2])
    return f"{summary} {texts['missed'].format(rate=rates[top[0]], batch=batches[top[1]], behind=100 * result.behind)}"


def table(
    result: SearchResult, scores: np.ndarray, rates: list, batches: list, texts: dict[str, str]
) -> dict[str, list]:
    over = [spread(list(100 * scores[position])) for position in result.tried]
    return {
        texts["try"]: list(range(1, len(result.tried) + 1)),
        texts["rate"]: [rates[i] for i, _ in result.tried],
        texts["batch"]: [batches[j] for _, j in result.tried],
        texts["mean"]: [round(one.mean, 1) for one in over],
        texts["deviation"]: [round(one.deviation or 0, 1) for one in over],
    }
