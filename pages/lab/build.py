"""Build: the network's layers, each with its output shape, arithmetic and cost."""

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.drafts.draft import Draft
from core.drafts.validation import Report
from core.experiment.experiment import ExperimentError
from core.experiment.links import from_word
from core.figures.bars import MEASURES, cost_bars
from core.network import pool_order
from core.network.costs import connections, training_bytes, units
from core.network.shapes import shape_text
from core.numerics.optimizers import slot_names
from pages.parts.build.block_editor import inside_of
from pages.parts.build.diff_view import difference_view
from pages.parts.build.layer_editor import KINDS, add_layer, layer_card
from pages.parts.build.network_view import network_view
from pages.parts.build.presets_view import presets_view
from pages.parts.build.repairs_view import problem_view
from pages.parts.session.pickers import data_picker, preset_picker
from pages.parts.session.state import Lab, lab
from pages.parts.train.experiment_upload import read
from pages.ui.code_view import code_view
from pages.ui.formatting import amount, plain, sentence, short
from pages.ui.page_script import address


def page(lab: Lab) -> None:
    st.title("Build")
    st.markdown(
        "A network is a sequence of layers. The :blue[input] comes from the data set, :orange[kernels and weights] are "
        "what it learns, and every layer has an :green[output] whose shape you can work out by hand.",
        width=720,
    )
    linked(lab)
    data, network = st.columns(2, gap="large")
    with data:
        data_picker(lab.draft)
    with network:
        preset_picker(lab.draft)
    presets_view(lab.draft)

    if lab.notice:
        st.info(sentence(lab.notice))
    report = lab.draft.check()
    lab.opened = lab.opened or report.experiment
    undo_buttons(lab)
    network_view(lab, report, KINDS)
    totals(lab.draft, report)
    bars(report)
    train_button(lab, report)

    st.header("Layers")
    entry = catalogue.describe(lab.draft.data["name"])
    st.markdown(f":blue[**{shape_text(lab.draft.shape)}**] :small[channels × height × width, from {entry.label}]")
    for index, row in enumerate(lab.draft.rows):
        cost = report.outer[index] if index < len(report.outer) else None
        note = pool_order.note([cost.step.layer for cost in report.outer], index) if cost else ""
        problem = report.layers.get(index)
        layer_card(lab.draft, index, row, cost, problem, note, inside_of(lab.draft, row, report, problem))
    add_layer(lab.draft)
    table(report)
    code(report)
    difference_view(lab, report)
    files(lab, report)


def linked(lab: Lab) -> None:
    """Loads the experiment in the page's link, once: later changes to the draft are not overwritten."""
    encoded = st.query_params.get("experiment")
    if encoded is None:
        return
    if "undo" in st.session_state:  # this page's button exists already, so this is not the first display of the page
        del st.query_params["experiment"]  # adds no entry to the history: the browser's address no longer has it
        return
    address("experiment", None)
    try:
        experiment = from_word(encoded)
        catalogue.describe(experiment.data.name)
    except (ExperimentError, DataError) as error:
        st.error(f"The experiment in this link could not be opened: {plain(str(error).rstrip('.'))}.")
    else:
        lab.draft = Draft.of(experiment)
        st.success(f"Loaded from the link: {plain(experiment.title or 'untitled')}.")


def undo_buttons(lab: Lab) -> None:
    past, future = lab.history.past, lab.history.future
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", key="undo", on_click=lab.undo, disabled=not past, help="Ctrl + Z")
        st.button("Redo", key="redo", on_click=lab.redo, disabled=not future, help="Ctrl + Shift + Z")


def bars(report: Report) -> None:
    if not any(cost.parameters for cost in report.layer_costs):
        return
    measure = st.radio("Cost per layer", list(MEASURES), format_func=MEASURES.__getitem__, key="bars", horizontal=True)
    st.html(cost_bars(report.layer_costs, measure or "parameters"))


def totals(draft: Draft, report: Report) -> None:
    for nth, problem in enumerate(report.general):
        problem_view(draft, problem, draft.key(f"general-{nth}"))
    if report.sound is None:
        if report.layers:
            names = ", ".join(draft.rows[position].layer.get("name", "") for position in sorted(report.layers))
            st.error(f"This network is not valid yet. Fix {names} below.")
        return
    training = report.sound.training
    bytes_per_number = 8 if training.precision == "float64" else 4
    memory = training_bytes(
        report.sound.network, training.batch_size, bytes_per_number, len(slot_names(training.optimizer))
    )
    first, second, third = st.columns(3)
    first.metric("Parameters", f"{sum(cost.parameters for cost in report.layer_costs):,}")
    second.metric("Multiply-adds per image", short(sum(cost.multiply_adds for cost in report.layer_costs)))
    third.metric(
        f"Memory for a batch of {training.batch_size:,}",
        amount(memory),
        help="Weights, gradients, optimizer state, and every activation with its gradient. The framework's own "
        "workspace comes on top.",
    )


def train_button(lab: Lab, report: Report) -> None:
    if st.button("Train this network", type="primary", key="to-train", disabled=report.experiment is None):
        st.switch_page("pages/lab/train.py")


def table(report: Report) -> None:
    with st.expander("All layers as a table"):
        st.dataframe(
            [
                {
                    "layer": cost.step.layer.name,
                    "kind": cost.step.layer.kind,
                    "output": shape_text(cost.step.output),
                    "arithmetic": cost.step.arithmetic,
                    "parameters": f"{cost.parameters:,}",
                    "multiply-adds": f"{cost.multiply_adds:,}",
                    "connections": f"{cost.connections:,}",
                    "receptive field": "all" if cost.receptive_field is None else shape_text(cost.receptive_field),
                }
                for cost in report.layer_costs
            ],
            hide_index=True,
        )
        if report.sound is not None:
            network = report.sound.network
            st.markdown(
                f":small[{units(network):,} units (including the input's), {connections(network):,} connections: a "
                "shared parameter counts once for each position at which it is used.]"
            )


def code(report: Report) -> None:
    """The network as code, generated only when the expander is open."""
    if report.sound is None:
        return
    box = st.expander("Code", key="as-code", on_change="rerun")
    if box.open:
        with box:
            code_view(report.sound.network, "Language", "as-code")


def files(lab: Lab, report: Report) -> None:
    """Built only when the expander is open: otherwise every keystroke would leave a file behind."""
    box = st.expander("Save and load", key="files", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown("An experiment is one small JSON file: data set, network, training recipe and seed.")
        text = report.sound.to_json() if report.sound else ""
        st.download_button("Save as JSON", text, "experiment.json", "application/json", disabled=not text, key="save")
        file = st.file_uploader("Load an experiment", type="json", key="load", max_upload_size=1)
        if file is None or file.file_id == lab.loaded:
            return
        lab.loaded, lab.notice = file.file_id, ""
        try:
            lab.draft = Draft.of(read(file.getvalue()))
            lab.notice = lab.draft.fit()
        except (ExperimentError, DataError) as error:
            st.error(f"{file.name} could not be loaded: {error}")
        else:
            st.rerun()


page(lab())
