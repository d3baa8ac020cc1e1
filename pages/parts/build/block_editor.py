"""The layers inside a residual block or its branches, as cards like those of the network itself."""

from collections.abc import Callable
from typing import cast

import streamlit as st

from core.drafts.block_draft import Inside
from core.drafts.draft import Draft, Row
from core.drafts.layer_defaults import NEW_LAYERS
from core.drafts.validation import Problem, Report
from core.network.blocks import DEEPEST
from core.network.layers import Conv2D
from pages.parts.build.layer_editor import KINDS, layer_card


BLOCKS = ("residual", "branches")


def inside_of(
    draft: Draft, row: Row, report: Report, problem: Problem | None, level: int = 1
) -> Callable[[], None] | None:
    """A function that shows the layers inside a block; None for any other layer. `level`: nesting depth, 1 for a block
    in the network itself."""
    if row.layer["kind"] not in BLOCKS:
        return None
    return lambda: _inside(draft, row, report, problem, level)


def _inside(draft: Draft, row: Row, report: Report, problem: Problem | None, level: int) -> None:
    block = row.layer
    if block["kind"] == "residual":
        _row(Inside(draft, block["layers"], f"{row.ticket}-in"), "Inside", report, problem, level)
        _shortcut(block, report)
        return
    for number, layers in enumerate(block["rows"], start=1):
        inside = Inside(draft, layers, f"{row.ticket}-branch{number}")
        _row(inside, f"Branch {number}", report, problem, level, lambda at=number - 1: _drop(draft, block, at))
    st.button("Add a branch", key=f"layer-{row.ticket}-branch", on_click=_add_branch, args=(draft, block))


def _row(inside: Inside, title: str, report: Report, problem, level: int, drop: Callable | None = None) -> None:
    layer_costs = {cost.step.layer.name: cost for cost in report.layer_costs}
    empty = "" if inside.layers else " :small[no layers: the input passes through unchanged]"
    with st.container(key=f"inside-{inside.ticket}", gap="small", border=True):
        st.markdown(f"**{title}**{empty}")
        for index, row in enumerate(inside.rows):
            name = inside.name(index)
            own = problem if problem and problem.layer == name else None
            deeper = inside_of(inside.draft, row, report, problem, level + 1)
            layer_card(inside, index, row, layer_costs.get(name), own, inside=deeper)
        with st.container(horizontal=True, gap="small"):
            with st.popover(f"Add to {title.lower()}" if drop else "Add inside", key=f"inside-{inside.ticket}-add"):
                for kind in NEW_LAYERS:
                    if level < DEEPEST or kind not in BLOCKS:
                        key = f"inside-{inside.ticket}-add-{kind}"
                        st.button(KINDS[kind], key=key, on_click=inside.add, args=(kind,), width="stretch")
            if drop:
                st.button("Remove the branch", key=f"inside-{inside.ticket}-remove", on_click=drop)


def _shortcut(block: dict, report: Report) -> None:
    cost = next((cost for cost in report.layer_costs if cost.step.layer.name == f"{block.get('name')}.shortcut"), None)
    if cost is None:
        st.markdown(":small[Shortcut: the input itself is added.]" if block["shortcut"] == "identity" else "")
        return
    down, right = cast(tuple[int, int], cast(Conv2D, cost.step.layer).stride)
    st.markdown(
        f":small[Shortcut: a 1 × 1 convolution with stride {down if down == right else f'{down} × {right}'} and "
        f":orange[**{cost.parameters:,} parameters**] turns the input into {cost.step.output[0]:,} feature maps.]"
    )


def _add_branch(draft: Draft, block: dict) -> None:
    block["rows"].append([])
    draft.preset = None


def _drop(draft: Draft, block: dict, at: int) -> None:
    del block["rows"][at]
    draft.preset = None
