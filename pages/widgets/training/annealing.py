"""Simulated annealing: the probability of a step uphill, and a cooling walker beside plain gradient descent."""

from functools import lru_cache
from typing import Annotated

import numpy as np
import streamlit as st
from pydantic import AfterValidator, Field

from core.demos.learning import simulated_annealing
from core.demos.learning.gradient_descent import HILLY, descend
from core.demos.learning.simulated_annealing import Walk, acceptance, anneal, arrived, temperatures
from core.spec import Spec
from pages.ui.component import among, component
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import whole_of
from pages.ui.translations import words


CONTROLS = ("first", "cooling", "seed")
START, STEPS, RATE, WALKERS = 4.5, 200, 0.1, 100
FIRST = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)
COOLING = {"falls": 0.985, "stays": 1.0}
TEMPERATURES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
RISES = np.round(np.arange(-1, 4.001, 0.05), 4)
LARGEST = 10**9


class Options(Spec):
    """`show`: "chance", the curve of exp(-Δ / T), or "walk". `temperature`: the slider's start, or the walk's first."""

    show: str = Field(default="walk", pattern="^(chance|walk)$")
    temperature: float = Field(default=2.0, ge=0, le=10)
    cooling: str = Field(default="falls", pattern="^(falls|stays)$")
    seed: int = Field(default=1, ge=0, le=LARGEST)
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = CONTROLS


def show(options: Options, key: str) -> None:
    """Runs as a fragment: changing the temperature reruns nothing else."""
    if options.show == "chance":
        component(__file__)(key=f"{key}-chance", data=curves(options.temperature))
    else:
        st.fragment(_walk)(options, key)


def curves(temperature: float) -> dict:
    """Acceptance probability against the rise in loss, one curve per temperature."""
    return {
        "show": "chance",
        "rises": RISES.tolist(),
        "temperatures": TEMPERATURES,
        "chances": [acceptance(RISES, one).round(5).tolist() for one in TEMPERATURES],
        "at": int(np.abs(np.array(TEMPERATURES) - temperature).argmin()),
        "start": int(np.abs(RISES - 1).argmin()),
        "words": words(__file__),
    }


def _walk(options: Options, key: str) -> None:
    texts = words(__file__)
    first, cooling, seed = choose(options, key, texts)
    if seed is None:
        st.error(texts["bad_seed"])
        return
    walk = anneal(START, temperatures(first, COOLING[cooling], STEPS), [seed])
    component(__file__)(key=f"{key}-walk", data=drawn(walk, texts))
    plain = HILLY.value(plain_descent()[-1:])[0]
    share = WALKERS * arrivals(first, cooling)
    st.markdown(
        f":small[{texts['many'].format(share=share, walkers=WALKERS, close=simulated_annealing.CLOSE, plain=plain)}]"
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> tuple[float, str, int | None]:
    """Starting temperature, cooling and seed; None for an invalid seed."""
    first = min(FIRST, key=lambda one: abs(one - options.temperature))
    cooling, seed = options.cooling, options.seed
    columns = st.columns(3)
    if offered(options, "first"):
        first = columns[0].selectbox(
            texts["first"],
            FIRST,
            FIRST.index(first),
            format_func=lambda one: f"{one:g}",
            key=f"{key}-first",
            bind="query-params",
        )
    if offered(options, "cooling"):
        kinds = list(COOLING)
        cooling = columns[1].selectbox(
            texts["cooling"],
            kinds,
            kinds.index(cooling),
            format_func=lambda kind: texts[kind],
            key=f"{key}-cooling",
            bind="query-params",
        )
    if offered(options, "seed"):
        typed = whole_of(columns[2].text_input(texts["seed"], str(seed), key=f"{key}-seed"))
        return first, cooling, typed if isinstance(typed, int) and 0 <= typed <= LARGEST else None
    return first, cooling, seed


def offered(options: Options, name: str) -> bool:
    return name in options.controls and not hidden(name)


def drawn(walk: Walk, texts: dict[str, str]) -> dict:
    grid = np.linspace(-simulated_annealing.REACH, simulated_annealing.REACH, 201)
    plain = plain_descent()
    columns = ("positions", "losses", "tried", "rises", "chances", "drawn")
    return {
        "show": "walk",
        "x": [-simulated_annealing.REACH, simulated_annealing.REACH],
        "y": [0, 7.5],
        "curve": np.stack([grid, HILLY.value(grid[:, None])], axis=1).round(4).tolist(),
        "plain": {"positions": plain[:, 0].round(5).tolist(), "losses": HILLY.value(plain).round(5).tolist()},
        "temperatures": walk.temperatures.round(6).tolist(),
        **{name: getattr(walk, name)[:, 0].round(6).tolist() for name in columns},
        "taken": walk.taken[:, 0].tolist(),
        "words": texts,
    }


@lru_cache(maxsize=1)
def plain_descent() -> np.ndarray:
    return descend(HILLY, START, RATE, STEPS)


@lru_cache(maxsize=20)
def arrivals(first: float, cooling: str) -> float:
    """The share of the first 100 seeds that reach the lowest point."""
    return arrived(anneal(START, temperatures(first, COOLING[cooling], STEPS), range(WALKERS)))
