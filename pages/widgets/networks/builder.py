"""A network layer by layer: shapes, parameters, receptive fields; values in braces are gaps for the student."""

import streamlit as st
from pydantic import Field, ValidationError, model_validator

from core.data import catalogue
from core.data.recipe import DataRecipe
from core.experiment import presets
from core.experiment.experiment import Experiment, ExperimentError
from core.experiment.links import to_word
from core.experiment.messages import explain
from core.figures.blocks import drawing
from core.network import notation
from core.network.costs import Cost, costs
from core.network.errors import NetworkError
from core.network.network import Network
from core.network.shapes import shape_text
from core.spec import Spec
from pages.ui.arithmetic import arithmetic_in_words
from pages.ui.formatting import plain, sentence
from pages.ui.tables import table
from pages.ui.translations import words


NUMBERS = "①②③④⑤⑥⑦⑧⑨"


class Options(Spec):
    """Either `line` (see core.network.notation; values in braces are gaps) with `input_shape`, or `presets` to choose
    from. `data` is the data set that the lab trains it on. The widget network_code refers to this builder by `name`."""

    line: str = ""
    input_shape: tuple[int, int, int] = (1, 28, 28)
    presets: tuple[str, ...] = ()
    data: str = ""
    name: str = Field(default="", pattern="^[a-z-]*$")
    columns: tuple[str, ...] = Field(default=("output", "arithmetic", "parameters", "receptive_field", "jump"))

    @model_validator(mode="after")
    def _valid(self):
        if unknown := sorted(set(self.presets) - set(presets.names())):
            raise ValueError(f"there is no preset {unknown[0]!r}; choose from {', '.join(presets.names())}")
        if unknown := sorted(set(self.columns) - {"output", "arithmetic", "parameters", "receptive_field", "jump"}):
            raise ValueError(f"there is no column {unknown[0]!r}")
        if bool(self.line) == bool(self.presets):
            raise ValueError("give either a line or presets")
        if self.line:
            expected(self)
        return self


def expected(options: Options) -> Network:
    """The network that the lesson asks for. Raises ValueError."""
    right = [gap.right for gap in notation.gaps(options.line)]
    return notation.network(notation.filled(options.line, right), options.input_shape)


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    made = chosen(options, key, texts) if options.presets else built(options, key, texts)
    keep_as(options.name, made)
    if made is None:
        return
    layer_costs = costs(made)
    st.html(drawing(made.input_shape, layer_costs))
    table(
        [texts["layer"], *(texts[name] for name in options.columns)],
        rows(made, layer_costs, options, texts),
        texts["alt"],
    )
    total(options, layer_costs, texts)
    lab_link(made, options, key, texts)


def keep_as(name: str, made: Network | None) -> None:
    if name:
        st.session_state[f"built-{name}"] = made


def built_as(name: str) -> Network | None:
    """The network now in the builder of that name; None while it has gaps or is invalid."""
    return st.session_state.get(f"built-{name}")


def chosen(options: Options, key: str, texts: dict[str, str]) -> Network:
    name = st.selectbox(
        texts["preset"],
        options.presets,
        format_func=lambda name: presets.get(name).label,
        key=f"{key}-preset",
        bind="query-params",
    )
    st.markdown(f":small[{presets.get(name).sentence}]")
    return presets.get(name).network()


def built(options: Options, key: str, texts: dict[str, str]) -> Network | None:
    """The network with the student's values; shows a message and returns None while one is missing or invalid."""
    gaps = notation.gaps(options.line)
    if gaps:
        st.code(notation.filled(options.line, list(NUMBERS)), language=None, wrap_lines=True)
    given = []
    for index, (gap, column) in enumerate(zip(gaps, st.columns(max(len(gaps), 1)), strict=False)):
        label = f"{NUMBERS[index]} {gap.kind}: {texts[gap.field]}"
        given.append(column.text_input(label, key=f"{key}-gap-{index}").strip())
    missing = ", ".join(NUMBERS[index] for index, value in enumerate(given) if not value)
    if missing:
        st.info(texts["todo"].format(gaps=missing, wanted=sum(cost.parameters for cost in costs(expected(options)))))
        return None
    try:
        made = notation.network(notation.filled(options.line, given), options.input_shape)
        costs(made)
    except (NetworkError, ValidationError) as error:
        st.error(sentence(explain(error) if isinstance(error, ValidationError) else str(error)))
        return None
    return made


def rows(made: Network, layer_costs: list[Cost], options: Options, texts: dict[str, str]) -> list[list[str]]:
    shape = unbroken(shape_text(made.input_shape))
    first = [f":blue[{texts['input']}]", *(shape if name == "output" else "" for name in options.columns)]
    return [first, *([f"**{cost.step.layer.name}**", *cells(cost, options, texts)] for cost in layer_costs)]


def cells(cost: Cost, options: Options, texts: dict[str, str]) -> list[str]:
    texts_by_column = {
        "output": unbroken(shape_text(cost.step.output)),
        "arithmetic": plain(arithmetic_in_words(cost.step.arithmetic)),
        "parameters": plain(cost.parameter_text) if cost.parameters else "0",
        "receptive_field": texts["all"] if cost.receptive_field is None else unbroken(shape_text(cost.receptive_field)),
        "jump": "–" if cost.jump is None else str(cost.jump[0]),
    }
    return [texts_by_column[name] for name in options.columns]


def unbroken(text: str) -> str:
    """Keeps a shape on one line in a narrow column."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def total(options: Options, layer_costs: list[Cost], texts: dict[str, str]) -> None:
    parameters = sum(cost.parameters for cost in layer_costs)
    if not options.line or not notation.gaps(options.line):
        st.markdown(texts["total"].format(parameters=parameters))
        return
    right = sum(cost.parameters for cost in costs(expected(options)))
    if parameters == right:
        st.success(texts["same"].format(parameters=parameters))
    else:
        st.warning(texts["other"].format(parameters=parameters, wanted=right))


def lab_link(made: Network, options: Options, key: str, texts: dict[str, str]) -> None:
    """Links to the lab if the network fits the data set: its input shape and its number of classes."""
    if not options.data:
        return
    entry = catalogue.describe(options.data)
    if made.input_shape != entry.shape:
        return
    try:
        experiment = Experiment(
            title=f"my network on {entry.label}",
            data=DataRecipe(name=options.data),
            network=made,
            training=presets.ADAM,
        )
    except (ExperimentError, ValidationError):
        return
    st.page_link("pages/lab/build.py", label=texts["live"], query_params={"experiment": to_word(experiment)})
