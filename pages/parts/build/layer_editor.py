"""One card per layer: its settings, what it does to the shape, its cost, and buttons to move, copy or remove it."""

import json
import re
from collections.abc import Callable

import streamlit as st

from core.drafts.block_draft import Inside
from core.drafts.draft import Draft, Row
from core.drafts.layer_defaults import BLOCKS, NEW_LAYERS
from core.drafts.validation import Problem
from core.formulas import initializers as initial_formulas, layers as layer_formulas
from core.network.blocks import Residual
from core.network.costs import Cost, fans
from core.network.initializers import Initial
from core.network.shapes import Step, shape_text
from pages.parts.build.repairs_view import problem_view
from pages.ui.inputs import bound, checked, number, whole, whole_of


KINDS = {
    "conv2d": "Convolution",
    "locally_connected": "Locally connected",
    "pool": "Pooling",
    "global_average_pool": "Global average pooling",
    "activation": "Activation",
    "batch_norm": "Batch norm",
    "bias": "Bias",
    "flatten": "Flatten",
    "dense": "Dense",
    "dropout": "Dropout",
    "residual": "Residual block",
    "branches": "Branches",
}
PIXELS = 150
"""Width of one setting on a wide screen."""
FUNCTIONS = ["relu", "sigmoid", "tanh", "leaky_relu", "elu", "maxout", "linear", "softmax"]
INITIALS: dict[str, tuple[str, dict[str, float]]] = {
    "glorot_uniform": ("Glorot uniform", {}),
    "glorot_normal": ("Glorot normal", {}),
    "he_normal": ("He normal", {}),
    "he_uniform": ("He uniform", {}),
    "normal": ("normal", {"std": 1.0}),
    "uniform": ("uniform", {"limit": 0.05}),
    "one_over_out": ("normal, variance 1 / outputs", {"pool_area": 1}),
    "one_over_in_out": ("normal, variance 1 / (inputs + outputs)", {"pool_area": 1}),
    "uniform_over_in": ("uniform, ± reach / inputs", {"reach": 2.4}),
    "constant": ("constant", {"value": 0.1}),
    "zeros": ("zeros", {}),
}


INITIAL_FIELDS = {
    "std": "Standard deviation",
    "limit": "Limit (from −limit to limit)",
    "reach": "Reach (divided by the inputs)",
    "value": "Value",
    "pool_area": "Window area of the pooling layer that follows",
}
STARTS = {
    "conv2d": ("weights", "biases"),
    "locally_connected": ("weights", "biases"),
    "dense": ("weights", "biases"),
    "bias": ("biases",),
    "batch_norm": ("gamma", "beta"),
    "residual": ("weights", "biases"),
}
"""The parameters of each layer whose initial values can be chosen."""
SHARINGS = {
    "conv2d": ("per channel", "per unit", "none"),
    "locally_connected": ("per unit", "per channel", "none"),
    "dense": ("per unit", "none"),
}
"""The choices for a layer's biases, the default first."""
BLOCK_HELP = (
    "The order in Nielsen's network3 and in the LeNet of the Theano tutorials.",
    "The usual order, as in TensorFlow's tutorials.",
)
START: dict[str, dict] = {"weights": {"kind": "glorot_uniform"}, "gamma": {"kind": "constant", "value": 1.0}}


def layer_card(
    draft: Draft | Inside,
    index: int,
    row: Row,
    cost: Cost | None,
    problem: Problem | None,
    note: str = "",
    inside: Callable[[], None] | None = None,
) -> None:
    """`note`: whether this layer and its neighbour can be swapped; `inside` shows the layers of a block."""
    with st.container(border=True, key=f"layer-{row.ticket}", gap="small"):
        count = _count(row.layer)
        parts = [1.3, 5, 2.2] if count else [6.3, 2.2]
        name, *settings, buttons = st.columns(parts, vertical_alignment="bottom")
        name.markdown(f"**{row.layer.get('name', '')}**  \n:small[{KINDS[row.layer['kind']]}]")
        if count:
            with settings[0]:
                _settings(draft, index, row, count)
        with buttons:
            _buttons(draft, index, row, cost)
        if problem and inside and problem.layer != row.layer.get("name", ""):
            st.error(f"See {problem.layer} inside.")
        elif problem:
            problem_view(draft, problem, f"layer-{row.ticket}")
        elif cost:
            st.markdown(_what_it_does(cost))
            _explained(note, cost)
        else:
            st.markdown(":small[No shape yet: fix the layer above first.]")
        if inside:
            inside()


def add_layer(draft: Draft) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Add**", width="content")
        for kind in NEW_LAYERS:
            st.button(KINDS[kind], key=f"add-{kind}", on_click=draft.add, args=(kind,))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Add a block**", width="content")
        for nth, block in enumerate(BLOCKS):
            text = block.capitalize().replace(", ", " → ")
            st.button(text, key=f"block-{nth}", on_click=draft.add_block, args=(block,), help=BLOCK_HELP[nth])


def _explained(notes: str, cost: Cost) -> None:
    """A sentence, the formula with the layer's numbers, and whether pooling and activation can be swapped."""
    sentence, formula = layer_formulas.sentence(cost.step), layer_formulas.formula(cost.step)
    lines = [line for line in (sentence, formula and f"${formula}$", notes) if line]
    if lines:
        st.markdown("  \n".join(f":small[{line}]" for line in lines))


def _what_it_does(cost: Cost) -> str:
    parts = [f":green[**{shape_text(cost.step.output)}**]", cost.step.arithmetic.replace("*", "\\*")]
    if cost.parameters:
        terms = cost.parameter_text.split(" = ")[0].replace("*", "\\*")
        equal = f" = {terms}" if " " in terms else ""
        parts.append(f":orange[**{cost.parameters:,} parameters**]{equal}")
    if cost.step.rows:
        parts.append(f":orange[**{cost.parameters_inside:,} parameters**] inside")
    if cost.receptive_field and cost.receptive_field != (1, 1):
        parts.append(f"each output sees :blue[{shape_text(cost.receptive_field)}] of the input")
    return ":small[" + " &nbsp;·&nbsp; ".join(parts) + "]"


def _count(layer: dict) -> int:
    """How many settings the layer's card shows. An extra empty column would leave a gap on a narrow screen."""
    if layer["kind"] == "activation":
        return 2 if layer["function"] in ("leaky_relu", "elu", "maxout") else 1
    counts = {"conv2d": 4, "locally_connected": 4, "pool": 2, "batch_norm": 2, "bias": 1, "dense": 1, "dropout": 2}
    counts["residual"] = 1
    return counts.get(layer["kind"], 0)


def _settings(draft: Draft | Inside, index: int, row: Row, count: int) -> None:
    layer, key = row.layer, f"layer-{row.ticket}"

    def put(name):
        return lambda value: draft.set_layer(index, name, value)

    cells = st.columns(count, width=PIXELS * count)
    match layer["kind"]:
        case "conv2d" | "locally_connected":
            with cells[0]:
                whole("Filters", layer["filters"], put("filters"), f"{key}-filters")
            for cell, name in zip(cells[1:3], ("kernel_size", "stride"), strict=True):
                with cell:
                    _pair(name.replace("_", " ").capitalize(), layer.get(name, 1), put(name), f"{key}-{name}")
            with cells[3]:
                _padding(layer.get("padding", "valid"), put("padding"), f"{key}-padding")
        case "pool":
            with cells[0]:
                _select("Pooling", ["max", "average", "sum", "l2"], layer["mode"], put("mode"), f"{key}-mode")
            with cells[1]:
                _pair("Window", layer.get("window", 2), put("window"), f"{key}-window")
        case "activation":
            with cells[0]:
                _select("Function", FUNCTIONS, layer["function"], put("function"), f"{key}-function")
            if count > 1:
                with cells[1]:
                    _shape_of_function(layer, put, key)
        case "batch_norm":
            with cells[0]:
                number("Momentum", layer.get("momentum", 0.9), put("momentum"), f"{key}-momentum")
            with cells[1]:
                number("Epsilon", layer.get("epsilon", 1e-5), put("epsilon"), f"{key}-epsilon")
        case "bias":
            with cells[0]:
                _select(
                    "Biases",
                    ["per channel", "per unit"],
                    layer.get("bias", "per channel"),
                    put("bias"),
                    f"{key}-bias",
                )
        case "dense":
            with cells[0]:
                whole("Units", layer["units"], put("units"), f"{key}-units")
        case "residual":
            with cells[0]:
                _select("Shortcut", ["identity", "1x1"], layer["shortcut"], put("shortcut"), f"{key}-shortcut")
        case "dropout":
            with cells[0]:
                number("Dropout rate", layer["rate"], put("rate"), f"{key}-rate")
            with cells[1]:
                _select("Scaling", ["inverted", "classic"], layer.get("mode", "inverted"), put("mode"), f"{key}-mode")


def _shape_of_function(layer: dict, put, key: str) -> None:
    match layer["function"]:
        case "leaky_relu":
            number("Slope", layer.get("slope", 0.1), put("slope"), f"{key}-slope")
        case "elu":
            number("Alpha", layer.get("alpha", 1.0), put("alpha"), f"{key}-alpha")
        case "maxout":
            whole("Pieces", layer.get("pieces", 2), put("pieces"), f"{key}-pieces")


def _buttons(draft: Draft | Inside, index: int, row: Row, cost: Cost | None) -> None:
    key, last = f"layer-{row.ticket}", len(draft.rows) - 1
    with st.container(horizontal=True, horizontal_alignment="right", gap="xxsmall"):
        st.button("↑", key=f"{key}-up", help="Move up", on_click=draft.move, args=(index, -1), disabled=index == 0)
        st.button(
            "↓", key=f"{key}-down", help="Move down", on_click=draft.move, args=(index, 1), disabled=index == last
        )
        with st.popover("More", key=f"{key}-more"):
            _more(draft, index, row, cost)
            with st.container(horizontal=True):
                st.button("Duplicate", key=f"{key}-copy", on_click=draft.duplicate, args=(index,))
                st.button("Remove", key=f"{key}-remove", on_click=draft.remove, args=(index,))


def _more(draft: Draft | Inside, index: int, row: Row, cost: Cost | None) -> None:
    layer, key = row.layer, f"layer-{row.ticket}"
    bound(
        st.text_input, "Name", layer.get("name", ""), lambda value: draft.set_layer(index, "name", value), f"{key}-name"
    )
    put = lambda name: lambda value: draft.set_layer(index, name, value)
    if layer["kind"] == "conv2d":
        _pair("Dilation", layer.get("dilation", 1), put("dilation"), f"{key}-dilation")
        inputs = layer.get("inputs_per_filter")
        bound(
            st.text_input,
            "Input channels per filter (empty: all)",
            "" if inputs is None else str(inputs),
            lambda text: put("inputs_per_filter")(whole_of(text) if text.strip() else None),
            f"{key}-sees",
        )
    if layer["kind"] in ("conv2d", "locally_connected"):
        number("Padding value", layer.get("pad_value", 0.0), put("pad_value"), f"{key}-pad_value")
    if layer["kind"] in SHARINGS:
        choices = SHARINGS[layer["kind"]]
        _select("Biases", list(choices), layer.get("bias", choices[0]), put("bias"), f"{key}-sharing")
    if layer["kind"] == "pool":
        stride = layer.get("stride")
        put_stride = lambda value: draft.set_layer(index, "stride", None if value == "" else value)
        padding = layer.get("padding", "valid")
        _select("Padding", list(POOL_PADDINGS), padding, put("padding"), f"{key}-pool-padding", POOL_PADDINGS.get)
        _pair("Stride (empty: same as the window)", "" if stride is None else stride, put_stride, f"{key}-step")
    for part in () if layer.get("shortcut") == "identity" else STARTS.get(layer["kind"], ()):
        if part != "biases" or layer.get("bias") != "none":
            _initial(draft, index, part, f"{key}-{part}", cost)


def _initial(draft: Draft | Inside, index: int, part: str, key: str, cost: Cost | None) -> None:
    initial = draft.rows[index].layer.get(part) or START.get(part, {"kind": "zeros"})

    def choose(kind):
        draft.set_layer(index, part, {"kind": kind, **INITIALS[kind][1]})

    _select(f"Initial {part}", list(INITIALS), initial["kind"], choose, key, lambda kind: INITIALS[kind][0])
    for name in INITIALS[initial["kind"]][1]:
        value = initial.get(name, INITIALS[initial["kind"]][1][name])
        if name == "pool_area":
            whole(
                INITIAL_FIELDS[name],
                value,
                lambda new: draft.set_layer(index, part, {**initial, "pool_area": new}),
                f"{key}-pool_area",
            )
        else:
            number(
                INITIAL_FIELDS[name],
                value,
                lambda new, name=name: draft.set_layer(index, part, {**initial, name: new}),
                f"{key}-{name}",
            )
    if (it := checked(initial, Initial)) is not None:
        st.markdown(f":small[{initial_formulas.initial_sentence(it)}]")
        if cost:
            st.markdown(f":small[${initial_formulas.initial_formula(it, fans(_weighted(cost.step)))}$]")


def _weighted(step: Step) -> Step:
    """The step that owns the weights: for a residual block, its 1 × 1 shortcut."""
    return step.rows[-1][0] if isinstance(step.layer, Residual) and step.rows[-1] else step


POOL_PADDINGS = {"valid": "valid", "same": "same", "ceil": "ceil: the last window may extend past the edge"}


def _select(label: str, options: list, value, put, key: str, shown=str) -> None:
    bound(st.selectbox, label, value, put, key, options=options, format_func=shown)


def _pair(label: str, value, put, key: str) -> None:
    bound(st.text_input, label, pair_text(value), lambda text: put(pair(text)), key)


def _padding(value, put, key: str) -> None:
    """One field for a keyword or numbers."""
    shown = value if isinstance(value, str) else sides_text(value)
    options = ["valid", "same", "full"]
    bound(
        st.selectbox,
        "Padding",
        shown,
        lambda text: put(text if text in options else sides(text)),
        key,
        options=options + ([shown] if shown not in options else []),
        accept_new_options=True,
        help="valid: no padding · same: output as large as the input · full: every overlap · or type the number of "
        'cells, e.g. "2" or "1 x 2"',
    )


def pair(text: str):
    """ "5" -> 5, "5 x 3" -> [5, 3]; anything else, including ten digits or more, is returned unchanged."""
    numbers = re.fullmatch(r"\s*(\d{1,9})\s*(?:[x×,*]\s*(\d{1,9})\s*)?", text.lower(), re.ASCII)
    if not numbers:
        return text
    first, second = numbers.groups()
    return int(first) if second is None else [int(first), int(second)]


def pair_text(value) -> str:
    if _two(value):
        return str(value[0]) if value[0] == value[1] else f"{value[0]} x {value[1]}"
    return str(value)


def sides(text: str):
    """Reads "2", "1 x 2" or "[[0, 1], [0, 1]]"; anything else is returned unchanged."""
    if not text.strip().startswith("["):
        return pair(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if _whole_numbers(value) or (_two(value) and all(map(_whole_numbers, value))) else text


def sides_text(value) -> str:
    if _two(value) and all(map(_two, value)):
        (top, bottom), (left, right) = value
        return pair_text((top, left)) if top == bottom and left == right else json.dumps(value)
    return pair_text(value)


def _two(value) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2


def _whole_numbers(value) -> bool:
    """Whether it is a pair of integers; True does not count as one."""
    return _two(value) and all(type(number) is int for number in value)
