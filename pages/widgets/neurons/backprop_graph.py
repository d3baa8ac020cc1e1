"""A small network as a graph to step through: forward, backward, editable weights, numerical checks."""

from dataclasses import asdict
from typing import Annotated, Any

import streamlit as st
from pydantic import AfterValidator, Field

from core.demos.learning.backprop_graph import (
    ACTIVATIONS,
    MISTAKES,
    Graph,
    GraphError,
    Parameter,
    Passes,
    agree,
    gradient,
    graph,
    nudge,
    parameter,
    passes,
    with_parameter,
)
from core.demos.learning.chain_rule import paths, steps
from core.lessons.interpolation import matrix
from core.spec import Spec
from pages.ui.component import among, component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.math_colors import coloured
from pages.ui.translations import words


CONTROLS = ("activation", "of", "mistake", "nudge", "edit", "matrices")
NUDGES = (0.1, 0.01, 0.001, 1e-5, 1e-8, 1e-12)
LARGEST = 100


class Options(Spec):
    """`weights` has one table per layer, one row per unit of the next layer; `done` is what is computed at first."""

    inputs: list[float] = Field(min_length=1, max_length=4)
    weights: list[list[list[float]]] = Field(min_length=1, max_length=4)
    biases: list[list[float]] = Field(min_length=1, max_length=4)
    activation: str = Field(default="sigmoid", pattern=f"^({'|'.join(ACTIVATIONS)})$")
    of: str = Field(default="z", pattern="^(z|loss 1|loss 0)$")
    mistake: str = Field(default="none", pattern=f"^({'|'.join(MISTAKES)})$")
    nudge: float = Field(default=1e-5, gt=0)
    done: str = Field(default="nothing", pattern="^(nothing|forward|all)$")
    look: str = ""
    """The number explained at first: a letter or the name of a weight."""
    of_inputs: bool = False
    """Whether the backward pass goes on to the inputs."""
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = CONTROLS


def show(options: Options, key: str) -> None:
    """Runs as a fragment: editing a weight reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    try:
        net = edited(graph(options.inputs, options.weights, options.biases, chosen["activation"]), key)
        result = passes(net, chosen["of"], chosen["mistake"])
        data = drawn(net, result, options, chosen, texts)
    except GraphError as error:
        st.error(sentence(str(error)))
        return
    data["edits"] = st.session_state.get(f"{key}-edits", {})
    component(__file__)(key=f"{key}-graph", data=data, default={"edits": {}}, on_edits_change=lambda: keep(key))
    if "matrices" in options.controls and not hidden("matrices"):
        with st.expander(texts["matrices"]):
            for line in matrices(net, result, chosen["of"]):
                st.markdown(coloured(f"$$\n{line}\n$$"))


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    choices: dict[str, list[Any]] = {
        "activation": list(ACTIVATIONS),
        "of": ["z", "loss 1", "loss 0"],
        "mistake": list(MISTAKES),
        "nudge": list(NUDGES),
    }
    offered = [name for name in options.controls if name in choices and not hidden(name)]
    result = {name: getattr(options, name) for name in choices}
    for name, column in zip(
        offered, st.columns(len(offered), vertical_alignment="bottom") if offered else (), strict=True
    ):
        result[name] = column.selectbox(
            texts[name],
            choices[name],
            choices[name].index(result[name]) if result[name] in choices[name] else 0,
            format_func=lambda choice: texts.get(choice, f"{choice:g}" if isinstance(choice, float) else choice),
            key=f"{key}-{name}",
            bind="query-params",
        )
    return result


def keep(key: str) -> None:
    """Stores what the browser sent: {name of a weight or input: number}."""
    reported = st.session_state[f"{key}-graph"].edits or {}
    st.session_state[f"{key}-edits"] = {
        str(name): max(-LARGEST, min(LARGEST, float(value))) for name, value in reported.items()
    }


def edited(net: Graph, key: str) -> Graph:
    for name, value in st.session_state.get(f"{key}-edits", {}).items():
        net = with_parameter(net, name, value)
    return net


def drawn(net: Graph, result: Passes, options: Options, chosen: dict, texts: dict[str, str]) -> dict:
    order = steps(net, result, chosen["mistake"], options.of_inputs)
    checked = "nudge" in options.controls and not hidden("nudge")
    weights = [position.name for position in net.parameters if position.part == "weights"]
    forward = sum(step.kind == "forward" for step in order)
    return {
        "letters": net.letters,
        "inputs": net.inputs.tolist(),
        "steps": [asdict(step) for step in order],
        "parameters": {position.name: parameter(net, position) for position in net.parameters},
        "paths": {name: [asdict(one) for one in paths(net, result, name)] for name in weights},
        "nudges": {position.name: nudged(net, result, position, chosen) for position in net.parameters}
        if checked
        else {},
        "h": f"{chosen['nudge']:g}",
        "of": "z" if chosen["of"] == "z" else "L",
        "start": {"z": "1", "loss 1": "\N{MINUS SIGN}1 / z", "loss 0": "1 / (1 \N{MINUS SIGN} z)"}[chosen["of"]],
        "begin": {"nothing": 0, "forward": forward, "all": len(order)}[options.done],
        "look": options.look,
        "edit": "edit" in options.controls and not hidden("edit"),
        "nudge": checked,
        "correct": chosen["mistake"] == "none",
        "words": texts,
    }


def nudged(net: Graph, result: Passes, position: Parameter, chosen: dict) -> dict:
    derivative, estimate = gradient(result, position), nudge(net, position.name, chosen["nudge"], chosen["of"])
    return {**asdict(estimate), "derivative": derivative, "agree": agree(derivative, estimate.slope)}


def matrices(net: Graph, result: Passes, of: str) -> list[str]:
    """LaTeX, from the last layer down: the derivatives, the outer product, and the step to the layer below."""
    lines, target = [], "z" if of == "z" else "L"
    for k in reversed(range(len(net.weights))):
        column = {name: short(getattr(result, name)[i][:, None]) for name, i in _columns(k)}
        over = rf"\violet{{\bar\delta_{k + 1}}}"
        lines.append(
            rf"{over} = s'(\bar v_{k + 1}) \odot \violet{{\delta_{k + 1}}} = {short(result.slopes[k][:, None])}"
            rf" \odot {column['d_values']} = {column['d_sums']}"
        )
        lines.append(
            rf"\frac{{\partial {target}}}{{\partial \orange{{W_{k}}}}} = {over}\, v_{k}^\top = {column['d_sums']}"
            rf" {short(result.values[k][None])} = {short(result.d_weights[k])}"
        )
        if k:
            lines.append(
                rf"\violet{{\delta_{k}}} = \orange{{W_{k}}}^\top {over} = {short(net.weights[k].T)}"
                rf" {column['d_sums']} = {short(result.d_values[k][:, None])}"
            )
    return lines


def _columns(k: int) -> tuple[tuple[str, int], ...]:
    return ("d_values", k + 1), ("d_sums", k)


def short(rows) -> str:
    return matrix([[float(f"{number:.3g}") for number in row] for row in rows])
