"""The controls for class weights and batch order."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.drafts.draft import Draft
from core.experiment.experiment import Experiment
from core.formulas import balance as formulas
from core.recipe.class_weights import ClassWeights, of_classes
from pages.parts.imbalance.imbalance_maker import MOST_FIELDS, WIDE, counted
from pages.parts.imbalance.remedy_pickers import weight_arithmetic
from pages.ui.formatting import plain
from pages.ui.inputs import bound, checked, number_of, number_text


KINDS = {"equal": "equal for all images", "balanced": "balanced over classes", "custom": "custom"}


def class_weight_picker(draft: Draft) -> None:
    fields = draft.training["class_weights"]
    counts = _counts(draft.check().experiment)
    bound(
        st.selectbox,
        "Class weights",
        fields["kind"],
        lambda kind: draft.choose_class_weights(kind, _current_weights(fields, counts)),
        draft.key("class-weights"),
        options=list(KINDS),
        format_func=KINDS.get,
    )
    st.markdown(f":small[{formulas.WEIGHTS[fields['kind']]}]")
    if fields["kind"] == "custom":
        _custom_weights(draft, fields)
    if (it := checked(fields, ClassWeights)) is not None:
        st.latex(formulas.weighted_loss(it, draft.training["loss"]["reduction"] == "sum"))
    if fields["kind"] == "balanced" and counts is not None:
        weight_arithmetic(list(catalogue.describe(draft.data["name"]).class_names), counts, "The training images")


def order_picker(draft: Draft) -> None:
    order, put = draft.training["order"], lambda chosen: draft.training.__setitem__("order", chosen)
    bound(st.selectbox, "Batch order", order, put, draft.key("batch-order"), options=list(formulas.ORDERS))
    st.markdown(f":small[{formulas.ORDERS[order]}]")
    batch = draft.training["batch_size"]
    if order == "balanced" and isinstance(batch, int):
        counts = _counts(draft.check().experiment)
        classes = draft.classes() if counts is None else int(np.count_nonzero(counts))
        st.latex(formulas.each_class_in_a_batch(batch, classes))


def _custom_weights(draft: Draft, fields: dict) -> None:
    """One field per class, in class order."""
    names = catalogue.describe(draft.data["name"]).class_names
    if len(names) > MOST_FIELDS:
        st.markdown(f":small[Only the first {MOST_FIELDS} of the {len(names):,} classes have a field here.]")
    with st.container(horizontal=True, gap="small"):
        for index, name in enumerate(names[:MOST_FIELDS]):
            bound(
                st.text_input,
                plain(name),
                number_text(fields["weights"][index]) if index < len(fields["weights"]) else "",
                lambda text, index=index: draft.set_class_weight(index, number_of(text)),
                draft.key(f"class-weight-{index}"),
                width=WIDE,
            )


def _current_weights(fields: dict, counts: np.ndarray | None) -> list[float]:
    """The current class weights, as a starting point for custom ones; [] if they are not known."""
    it = checked(fields, ClassWeights)
    return [] if it is None or counts is None else [float(f"{weight:.3g}") for weight in of_classes(it, counts)]


def _counts(experiment: Experiment | None) -> np.ndarray | None:
    """Training images per class. None if the experiment is invalid, the data are missing, or there is label noise,
    which changes the counts."""
    if experiment is None or experiment.data.label_noise or catalogue.missing(experiment.data.name):
        return None
    try:
        return counted(experiment.data.model_dump_json(), experiment.seed)["trained with"]
    except DataError:
        return None
