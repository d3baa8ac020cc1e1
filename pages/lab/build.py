"""Build: layers in a row, each with its shape, its arithmetic and its cost."""

import streamlit as st

from core.data import catalogue
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
        "A network is layers in a row. The :blue[input] comes from the data set, :orange[kernels and weights] are what "
        "it learns, and every layer gives an :green[output] of a shape you can work out by hand.",
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
    """An experiment that came with the link is put in place once; what is changed then is not undone by it."""
    word = st.query_params.get("experiment")
    if word is None:
        return
    if "undo" in st.session_state:  # a widget of this page: it is not the first display since the reader came here
        del st.query_params["experiment"]  # no step of Back, since the browser's address is without it already
        return
    address("experiment", None)
    try:
        experiment = from_word(word)
        catalogue.describe(experiment.data.name)
    except (ExperimentError, catalogue.DataError) as error:
        st.error(f"The experiment of this link was not opened: {plain(str(error).rstrip('.'))}.")
    else:
        lab.draft = Draft.of(experiment)
        st.success(f"This is the experiment of the link: {plain(experiment.title or 'untitled')}.")


def undo_buttons(lab: Lab) -> None:
    past, future = lab.history.past, lab.history.future
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", key="undo", on_click=lab.undo, disabled=not past, help="Ctrl + Z")
        st.button("Redo", key="redo", on_click=lab.redo, disabled=not future, help="Ctrl + Shift + Z")


def bars(report: Report) -> None:
    if not any(cost.parameters for cost in report.layer_costs):
        return
    measure = st.radio("Each layer's share", list(MEASURES), format_func=MEASURES.get, key="bars", horizontal=True)
    st.html(cost_bars(report.layer_costs, measure or "parameters"))


def totals(draft: Draft, report: Report) -> None:
    for nth, problem in enumerate(report.general):
        problem_view(draft, problem, draft.key(f"general-{nth}"))
    if report.sound is None:
        if report.layers:
            names = ", ".join(draft.rows[position].layer.get("name", "") for position in sorted(report.layers))
            st.error(f"This network cannot be yet: see {names} below.")
        return
    training = report.sound.training
    bytes_per_number = 8 if training.precision == "float64" else 4
    held = training_bytes(
        report.sound.network, training.batch_size, bytes_per_number, len(slot_names(training.optimizer))
    )
    first, second, third = st.columns(3)
    first.metric("Parameters", f"{sum(cost.parameters for cost in report.layer_costs):,}")
    second.metric("Multiply-adds an image", short(sum(cost.multiply_adds for cost in report.layer_costs)))
    third.metric(
        f"Memory for a batch of {training.batch_size:,}",
        amount(held),
        help="Weights, gradients, optimizer and every activation with its gradient. A framework adds workspace of its own.",
    )


def train_button(lab: Lab, report: Report) -> None:
    if st.button("Train this network", type="primary", key="to-train", disabled=report.experiment is None):
        st.switch_page("pages/lab/train.py")


def table(report: Report) -> None:
    with st.expander("The same as a table"):
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
                    "sees of the input": "all" if cost.receptive_field is None else shape_text(cost.receptive_field),
                }
                for cost in report.layer_costs
            ],
            hide_index=True,
        )
        if report.sound is not None:
            network = report.sound.network
            st.markdown(
                f":small[{units(network):,} units (with the input's), {connections(network):,} connections: a parameter "
                "that is shared is used once at each place.]"
            )


def code(report: Report) -> None:
    """Written only when it is opened."""
    if report.sound is None:
        return
    box = st.expander("As code", key="as-code", on_change="rerun")
    if box.open:
        with box:
            code_view(report.sound.network, "In the words of", "as-code")


def files(lab: Lab, report: Report) -> None:
    """Made when it is opened: else each keystroke would leave a file behind."""
    box = st.expander("Save and load", key="files", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown("An experiment is one small JSON file: data, network, training recipe and seed.")
        text = report.sound.to_json() if report.sound else ""
        st.download_button("Save as JSON", text, "experiment.json", "application/json", disabled=not text, key="save")
        file = st.file_uploader("Load an experiment", type="json", key="load", max_upload_size=1)
        if file is None or file.file_id == lab.loaded:
            return
        lab.loaded, lab.notice = file.file_id, ""
        try:
            lab.draft = Draft.of(read(file.getvalue()))
            lab.notice = lab.draft.fit()
        except (ExperimentError, catalogue.DataError) as error:
            st.error(f"{file.name} was not loaded: {error}")
        else:
            st.rerun()


page(lab())
