"""Making a data set imbalanced: how, and what is left of each class."""

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.preparation.class_imbalance import Imbalance
from core.data.prepared import class_counts
from core.data.recipe import DataRecipe
from core.drafts.input_errors import describe_error
from core.figures import remedies as figures
from core.formulas.remedies import imbalance_formula
from core.metrics.baselines import imbalance
from core.metrics.rare_class import rarest
from pages.parts.session.imbalance_plan import Plan
from pages.parts.session.pickers import missing_data
from pages.ui.formatting import plain, sentence
from pages.ui.inputs import bound, checked, number, number_of, optional, whole_of
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers


KINDS = {
    "none": "as it is",
    "counts": "so many images of a class",
    "shares": "a share of a class",
    "long_tail": "a long tail",
}
FRESH = {
    "none": {},
    "counts": {"keep": {}, "others": None},
    "shares": {"keep": {}},
    "long_tail": {"ratio": 20.0},
}
EXPLAINED = {
    "none": "Every training image stays.",
    "counts": "Of a class with a number only so many stay; an empty field keeps them all.",
    "shares": "Of a class with a share from 0 to 1 only that much stays; an empty field keeps them all.",
    "long_tail": "From class to class fewer stay, always by the same factor; the first keeps that many times what the last keeps.",
}
MOST_FIELDS = 40
WIDE = 84
"""Pixels of a class's field."""


def data_and_imbalance(plan: Plan) -> dict[str, np.ndarray] | None:
    """The controls and the image of what they do; the counts by class, None where there are none (and why is said)."""
    draft = plan.draft
    left, right = st.columns([1, 2], gap="large")
    with left:
        bound(
            st.selectbox,
            "Data",
            draft.data["name"],
            plan.choose_data,
            "imbalance-data",
            options=catalogue.names(),
            format_func=lambda name: catalogue.describe(name).label,
        )
        st.markdown(f":small[{catalogue.describe(draft.data['name']).summary}]")
        _imbalance_pickers(plan)
        optional("Training images to choose from", draft.data, "train", draft.key("imbalance-train"))
    with right:
        if missing_data(draft.data["name"]):
            return None
        counts = _counts(plan)
        if counts is not None:
            _formula(draft.data["imbalance"], counts["there"])
            _histogram(plan, counts)
    return counts


def _formula(fields: dict, there: np.ndarray) -> None:
    if (it := checked(fields, Imbalance)) is not None:
        st.markdown(
            f":small[${imbalance_formula(it, there)}$ &nbsp; Of class k there were nₖ images; n′ₖ of them train.]"
        )


def _imbalance_pickers(plan: Plan) -> None:
    draft = plan.draft
    fields = draft.data["imbalance"]
    bound(
        st.selectbox,
        "Made imbalanced by",
        fields["kind"],
        lambda kind: draft.data.__setitem__("imbalance", {"kind": kind, **_copied(FRESH[kind])}),
        draft.key("imbalance-kind"),
        options=list(KINDS),
        format_func=KINDS.get,
    )
    st.markdown(f":small[{EXPLAINED[fields['kind']]}]")
    if fields["kind"] == "long_tail":
        number(
            "Ratio of the first class to the last",
            fields["ratio"],
            lambda v: fields.__setitem__("ratio", v),
            draft.key("ratio"),
        )
    if fields["kind"] in ("counts", "shares"):
        _each_class(plan, fields)


def _each_class(plan: Plan, fields: dict) -> None:
    """One field a class; an empty one keeps all."""
    read = whole_of if fields["kind"] == "counts" else number_of
    if fields["kind"] == "counts":
        optional("Of every other class", fields, "others", plan.draft.key("keep-others"))
    names = catalogue.describe(plan.draft.data["name"]).class_names
    keep = fields["keep"]
    if len(names) > MOST_FIELDS:
        st.markdown(f":small[Of its {len(names):,} classes the first {MOST_FIELDS} have a field here.]")
    with st.container(horizontal=True, gap="small"):
        for index, name in enumerate(names[:MOST_FIELDS]):
            bound(
                st.text_input,
                plain(name),
                str(keep.get(index, "")),
                lambda text, position=index: _keep(keep, position, text, read),
                plan.draft.key(f"keep-{fields['kind']}-{index}"),
                placeholder="all",
                width=WIDE,
            )


def _keep(keep: dict, index: int, text: str, read) -> None:
    keep.pop(index, None)
    if text.strip():
        keep[index] = read(text)


def _copied(fields: dict) -> dict:
    return {name: dict(value) if isinstance(value, dict) else value for name, value in fields.items()}


def _counts(plan: Plan) -> dict[str, np.ndarray] | None:
    draft = plan.draft
    try:
        recipe = DataRecipe.model_validate({key: value for key, value in draft.data.items() if value is not None})
        return counted(recipe.model_dump_json(), 1)
    except ValidationError as error:
        st.error(sentence(describe_error(error, _called(error, catalogue.describe(draft.data["name"]).class_names))))
    except DataError as error:
        st.error(str(error))
    return None


def _called(error: ValidationError, names: tuple[str, ...]) -> dict[str, str]:
    """What the fields of the classes are called in an error."""
    asked = [finding["loc"][-1] for finding in error.errors(include_url=False) if "keep" in finding["loc"]]
    of = ", ".join(plain(names[position]) for position in asked if isinstance(position, int) and position < len(names))
    return {"keep": f"of class {of}", "others": "of every other class", "ratio": "ratio of the first class to the last"}


@st.cache_data(max_entries=64, show_spinner=False)
def counted(recipe: str, seed: int) -> dict[str, np.ndarray]:
    """Images by class, as core.data.prepared.class_counts has them, of a recipe as JSON. Raises DataError."""
    recipe = DataRecipe.model_validate_json(recipe)
    return class_counts(catalogue.load(recipe.name), recipe, seed)


def _histogram(plan: Plan, counts: dict[str, np.ndarray]) -> None:
    names = list(catalogue.describe(plan.draft.data["name"]).class_names)
    kept = counts["kept"]
    rare = names[rarest(kept)]
    words = f"the largest class has {imbalance(kept):.3g} times as many training images as the rarest, {rare}"
    listed = ", ".join(f"{name} {count:,}" for name, count in zip(names, kept, strict=True))
    chart(
        figures.classes(names, counts["there"], kept),
        "imbalance-classes",
        sentence(words),
        f"Training images of each class: {listed}. {sentence(words)}",
        300,
    )
    st.markdown(
        f":small[Only training images are left out or copied. The {counts['validation'].sum():,} validation and "
        f"{counts['test'].sum():,} test images stay as they are, whatever is chosen here.]"
    )
    columns = {
        "class": names,
        "there are": counts["there"],
        "train with": kept,
        **{k: counts[k] for k in ("validation", "test")},
    }
    numbers("Images of each class as a table", columns, "imbalance-classes")
