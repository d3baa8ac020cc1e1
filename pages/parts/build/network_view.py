"""The network drawn, each layer a block that mouse and keyboard can move, double and remove."""

import streamlit as st

from core.drafts.validation import Report
from core.figures.blocks import input_block, layer_block, waiting_block
from core.network.costs import Cost
from core.network.shapes import shape_text
from pages.parts.session.state import Lab
from pages.ui.component import component


_HTML = """
<p class="hint" id="convscope-network-hint"></p>
<ol aria-label="Layers of the network" aria-describedby="convscope-network-hint"></ol>
<p class="about"></p>
<p class="live" aria-live="assertive"></p>
"""


_HINT = (
    "Drag a block to another place. By keyboard: arrows choose, Alt + arrows move, D doubles, Delete removes, "
    "Enter opens the settings, Ctrl + Z undoes."
)
_START = "Point at a block to see its arithmetic."

_VIEW = component(__file__, html=_HTML, isolate_styles=False)


def network_view(lab: Lab, report: Report, kinds: dict[str, str]) -> None:
    """`kinds`: what a kind of layer is called. Ctrl+Z is heard here, for a field that is being typed in has its own."""
    draft = lab.draft
    layer_costs = {cost.step.layer.name: cost for cost in report.layer_costs}
    items = []
    for index, row in enumerate(draft.rows):
        name, kind = draft.name(index), kinds[row.layer["kind"]]
        cost = layer_costs.get(name) if index < len(report.outer) else None
        about = _about(cost) if cost else "has no shape yet: a layer waits to be mended."
        shape = shape_text(cost.step.output) if cost else "no shape yet"
        items.append(
            {
                "ticket": row.ticket,
                "name": name,
                "html": layer_block(cost, draft.shape) if cost else waiting_block(name),
                "label": f"{name}, {kind}, layer {index + 1} of {len(draft.rows)}, {shape}",
                "about": f"{name} ({kind}) {about}",
            }
        )
    data = {"input": input_block(draft.shape), "items": items, "hint": _HINT, "start": _START}
    _VIEW(key="network", data=data, on_act_change=lambda: _act(lab))


def _act(lab: Lab) -> None:
    """What was done to a block; of layers that are gone by now, nothing."""
    draft, act = lab.draft, st.session_state["network"].act or {}
    match act:
        case {"order": tickets}:
            draft.reorder(tickets)
        case {"remove": ticket} if (position := draft.place_of(ticket)) is not None:
            draft.remove(position)
        case {"duplicate": ticket} if (position := draft.place_of(ticket)) is not None:
            draft.duplicate(position)
        case {"undo": True}:
            lab.undo()
        case {"redo": True}:
            lab.redo()


def _about(cost: Cost) -> str:
    """The arithmetic of the shape, then what it costs."""
    lines = [f"gives {shape_text(cost.step.output)}: {cost.step.arithmetic.replace('->', '→')}"]
    if cost.step.rows:
        lines.append(f"parameters of all inside {cost.parameters_inside:,}")
    if cost.parameters:
        lines.append(f"parameters {cost.parameter_text}; multiply-adds an image {cost.multiply_adds:,}")
    if cost.receptive_field and cost.receptive_field != (1, 1):
        lines.append(f"each output sees {shape_text(cost.receptive_field)} of the input")
    return "\n".join(lines)
