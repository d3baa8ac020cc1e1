"""The choice of remedies: each with one sentence, its settings, and its effect on the class counts."""

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.experiment.imbalance_remedies import Numbers, Remedy, remedies
from core.formulas import remedies as remedy_formulas
from core.recipe.class_weights import balanced, repetitions
from pages.parts.session.imbalance_plan import Plan
from pages.ui.formatting import plain
from pages.ui.inputs import bound, number, optional, whole
from pages.ui.tables import table


def remedy_pickers(plan: Plan, counts: np.ndarray | None = None) -> None:
    """`counts` (K,): training images per class before any remedy, for the formulas of the chosen remedies."""
    with st.container(gap="xsmall"):
        st.markdown("Remedies to compare")
        for remedy in remedies(Numbers(**plan.numbers)).values():
            bound(
                st.checkbox,
                f"**{remedy.label}** &nbsp; :small[{remedy.sentence}]",
                remedy.name in plan.remedies,
                lambda chosen, name=remedy.name: plan.choose_remedy(name, chosen),
                f"remedy-{remedy.name}",
            )
            if counts is not None and remedy.name in plan.remedies:
                _formula(plan, remedy, counts)
    _numbers(plan)


def _formula(plan: Plan, remedy: Remedy, counts: np.ndarray) -> None:
    """The remedy's formula with the current numbers; nothing while they are invalid, which the page reports."""
    batch = plan.draft.training["batch_size"]
    try:
        lines = remedy_formulas.remedy_formula(remedy, counts, batch if isinstance(batch, int) else 1)
    except ValidationError:
        return
    st.markdown("  \n".join(f":small[${line}$]" for line in lines))


def _numbers(plan: Plan) -> None:
    """The settings of the chosen remedies."""
    numbers, key = plan.numbers, lambda name: f"remedy-{name}"
    put = lambda name: lambda value: numbers.__setitem__(name, value)
    fields = []
    if {"oversample", "noisy-copies", "transformed-copies"} & {*plan.remedies}:
        fields.append(lambda: optional("Most copies of an image", numbers, "times", key("times"), "no limit"))
    if "noisy-copies" in plan.remedies:
        fields.append(lambda: number("Noise (grey levels)", numbers["deviation"], put("deviation"), key("deviation")))
    if "transformed-copies" in plan.remedies:
        fields.append(lambda: whole("Largest shift (pixels)", numbers["shift"], put("shift"), key("shift")))
        fields.append(lambda: number("Largest rotation (degrees)", numbers["degrees"], put("degrees"), key("degrees")))
    if "focal" in plan.remedies:
        fields.append(lambda: number("Gamma of the focal loss", numbers["gamma"], put("gamma"), key("gamma")))
    if "logit-adjustment" in plan.remedies:
        fields.append(lambda: number("Tau of logit adjustment", numbers["tau"], put("tau"), key("tau")))
    for index, draw in enumerate(fields):
        if index % 2 == 0:
            columns = st.columns(2, vertical_alignment="bottom")
        with columns[index % 2]:
            draw()


def weight_arithmetic(names: list[str], counts: np.ndarray, whose: str) -> None:
    """Balanced class weights, and the repetitions that have the same effect."""
    present = int(np.count_nonzero(counts))
    total = f"{counts.sum():,}".replace(",", "{,}")  # without braces, TeX adds a space after the comma
    st.latex(rf"w_k = \frac{{N}}{{K\,n_k}} = \frac{{{total}}}{{{present}\; n_k}}")
    st.markdown(
        f":small[{whose}: every class gets the same total weight, and the weights of all images still add up to N. "
        "Repeating the images of every class up to the size of the largest gives the same weights up to a common "
        "factor: **repetition is weighting**, with more steps per epoch.]"
    )
    weights, times = balanced(counts), repetitions(counts)
    rows = [
        [f"**{plain(name)}**", f"{count:,}", f"{weight:.3f}", f"{weight * count:,.0f}", f"× {often:.2f}"]
        for name, count, weight, often in zip(names, counts, weights, times, strict=True)
        if count
    ]
    table(["class", "n", "weight", "weight × n", "or repetitions"], rows, f"Balanced class weights: {whose}")


def class_names(plan: Plan) -> list[str]:
    return list(catalogue.describe(plan.draft.data["name"]).class_names)
