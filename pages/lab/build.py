"""Build: layers in a row, each with its shape, its arithmetic and its cost."""

import streamlit as st

from core.data import catalogue
from core.experiment import ExperimentError, from_json
from core.figures.blocks import drawing
from core.maths.optimizers import slot_names
from core.network.counting import training_bytes
from pages.parts.draft import Draft, Report
from pages.parts.layer_editor import add_layer, layer_card
from pages.parts.pickers import data_picker, preset_picker
from pages.parts.state import Lab, lab
from pages.parts.words import advice, amount, short


def page(lab: Lab) -> None:
    st.title("Build")
    st.markdown(
        "A network is layers in a row. The :blue[input] comes from the data set, :orange[kernels and weights] are what "
        "it learns, and every layer gives an :green[output] of a shape you can work out by hand.",
        width=720,
    )
    data, network = st.columns(2, gap="large")
    with data:
        data_picker(lab.draft)
    with network:
        preset_picker(lab.draft)

    report = lab.draft.check()
    st.html(drawing(lab.draft.shape, report.bills))
    totals(lab.draft, report)
    train_button(lab, report)

    st.header("Layers")
    entry = catalogue.describe(lab.draft.data["name"])
    st.markdown(
        f":blue[**{' × '.join(map(str, lab.draft.shape))}**] :small[channels × height × width, from {entry.label}]"
    )
    for place, row in enumerate(lab.draft.rows):
        bill = report.bills[place] if place < len(report.bills) else None
        layer_card(lab.draft, place, row, bill, report.layers.get(place))
    add_layer(lab.draft)
    table(report)
    files(lab, report)


def totals(draft: Draft, report: Report) -> None:
    for problem in report.general:
        st.error(advice(problem.sentence, problem.repairs))
    if report.experiment is None:
        if report.layers:
            names = ", ".join(draft.rows[place].layer.get("name", "") for place in sorted(report.layers))
            st.error(f"This network cannot be yet: see {names} below.")
        return
    training = report.experiment.training
    bytes_per_number = 8 if training.precision == "float64" else 4
    held = training_bytes(
        report.experiment.network, training.batch_size, bytes_per_number, len(slot_names(training.optimizer))
    )
    first, second, third = st.columns(3)
    first.metric("Parameters", f"{sum(bill.parameters for bill in report.bills):,}")
    second.metric("Multiply-adds a picture", short(sum(bill.multiply_adds for bill in report.bills)))
    third.metric(
        f"Memory for a batch of {training.batch_size}",
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
                    "layer": bill.step.layer.name,
                    "kind": bill.step.layer.kind,
                    "output": " × ".join(map(str, bill.step.output)),
                    "arithmetic": bill.step.arithmetic,
                    "parameters": bill.parameters,
                    "multiply-adds": bill.multiply_adds,
                    "sees of the input": "all"
                    if bill.receptive_field is None
                    else " × ".join(map(str, bill.receptive_field)),
                }
                for bill in report.bills
            ],
            hide_index=True,
        )


def files(lab: Lab, report: Report) -> None:
    with st.expander("Save and load"):
        st.markdown("An experiment is one small JSON file: data, network, training recipe and seed.")
        text = report.experiment.to_json() if report.experiment else ""
        st.download_button("Save as JSON", text, "experiment.json", "application/json", disabled=not text, key="save")
        file = st.file_uploader("Load an experiment", type="json", key="load", max_upload_size=1)
        if file is None or file.file_id == lab.loaded:
            return
        try:
            experiment = from_json(file.getvalue().decode("utf-8"))
            catalogue.describe(experiment.data.name)
        except (ExperimentError, catalogue.DataError) as error:
            st.error(f"{file.name} was not loaded: {error}")
        except UnicodeDecodeError:
            st.error(f"{file.name} was not loaded: it is not a text file; an experiment is JSON.")
        else:
            lab.draft, lab.loaded = Draft.of(experiment), file.file_id
            st.rerun()


page(lab())
