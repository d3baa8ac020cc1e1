"""The network as a drawing: each layer is a block to move, duplicate or remove by mouse or keyboard."""

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
    "Drag a block to move it. Keyboard: arrow keys select, Alt + arrow keys move, D duplicates, Delete removes, "
    "Enter opens the settings, Ctrl + Z undoes."
)
_START = "Point at a block to see its arithmetic."

_VIEW = component(__file__, html=_HTML, isolate_styles=False)


def network_view(lab: Lab, report: Report, kinds: dict[str, str]) -> None:
    """`kinds`: {kind of layer: label}. Handles Ctrl + Z only here, since a text field has its own undo."""
    draft = lab.draft
    layer_costs = {cost.step.layer.name: cost for cost in report.layer_costs}
    items = []
    for index, row in enumerate(draft.rows):
        name, kind = draft.name(index), kinds[row.layer["kind"]]
        cost = layer_costs.get(name) if index < len(report.outer) else None
        about = _about(cost) if cost else "has no shape yet: fix the invalid layer first."
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
    """Carries out an action on a block; ignores layers that no longer exist."""
    draft, act = lab.draft, st.session_state["network"].act or {}
    match act:
        case {"order": tickets}:
            draft.reorder(tickets)
        case {"remove": ticket} if (index := draft.place_of(ticket)) is not None:
            draft.remove(index)
        case {"duplicate": ticket} if (index := draft.place_of(ticket)) is not None:
            draft.duplicate(index)
        case {"undo": True}:
            lab.undo()
        case {"redo": True}:
            lab.redo()


def _about(cost: Cost) -> str:
    """The arithmetic of the output shape, then the cost."""
    lines = [f"outputs {shape_text(cost.step.output)}: {cost.step.arithmetic.replace('->', '→')}"]
    if cost.step.rows:
        lines.append(f"parameters of all layers inside: {cost.parameters_inside:,}")
    if cost.parameters:
        lines.append(f"parameters: {cost.parameter_text}; multiply-adds per image: {cost.multiply_adds:,}")
    if cost.receptive_field and cost.receptive_field != (1, 1):
        lines.append(f"each output sees {shape_text(cost.receptive_field)} of the input")
    return "\n".join(lines)
