"""Makes a data set imbalanced, and shows how many images of each class remain."""

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
    "none": "none",
    "counts": "number of images per class",
    "shares": "share of images per class",
    "long_tail": "long tail",
}
FRESH: dict[str, dict] = {
    "none": {},
    "counts": {"keep": {}, "others": None},
    "shares": {"keep": {}},
    "long_tail": {"ratio": 20.0},
}
EXPLAINED = {
    "none": "All training images are kept.",
    "counts": "The number of images to keep of each class. An empty field keeps all of them.",
    "shares": "The share of images to keep of each class, from 0 to 1. An empty field keeps all of them.",
    "long_tail": "Each class keeps fewer images than the one before it, always by the same factor. The ratio "
    "says how many times as many the first class keeps as the last.",
}
MOST_FIELDS = 40
WIDE = 84
"""Width of a class's field in pixels."""


def data_and_imbalance(plan: Plan) -> dict[str, np.ndarray] | None:
    """The controls and a chart of their effect. Returns the counts per class; None, with the reason shown, if there are
    none."""
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
        optional("Training images before the imbalance", draft.data, "train", draft.key("imbalance-train"))
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
            f":small[${imbalance_formula(it, there)}$ &nbsp; Class k has nₖ images; n′ₖ of them are kept for training.]"
        )


def _imbalance_pickers(plan: Plan) -> None:
    draft = plan.draft
    fields = draft.data["imbalance"]
    bound(
        st.selectbox,
        "Imbalance",
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
    """One field per class; an empty field keeps all images."""
    read = whole_of if fields["kind"] == "counts" else number_of
    if fields["kind"] == "counts":
        optional("Every other class", fields, "others", plan.draft.key("keep-others"))
    names = catalogue.describe(plan.draft.data["name"]).class_names
    keep = fields["keep"]
    if len(names) > MOST_FIELDS:
        st.markdown(f":small[Only the first {MOST_FIELDS} of the {len(names):,} classes have a field here.]")
    with st.container(horizontal=True, gap="small"):
        for index, name in enumerate(names[:MOST_FIELDS]):
            bound(
                st.text_input,
                plain(name),
                str(keep.get(index, "")),
                lambda text, index=index: _keep(keep, index, text, read),
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
        st.error(sentence(describe_error(error, _labels(error, catalogue.describe(draft.data["name"]).class_names))))
    except DataError as error:
        st.error(str(error))
    return None


def _labels(error: ValidationError, names: tuple[str, ...]) -> dict[str, str]:
    """{field: label} for an error message about the classes."""
    invalid = [it["loc"][-1] for it in error.errors(include_url=False) if "keep" in it["loc"]]
    classes = ", ".join(plain(names[index]) for index in invalid if isinstance(index, int) and index < len(names))
    return {
        "keep": f"class {classes}",
        "others": "every other class",
        "ratio": "ratio of the first class to the last",
    }


@st.cache_data(max_entries=64, show_spinner=False)
def counted(text: str, seed: int) -> dict[str, np.ndarray]:
    """core.data.prepared.class_counts for a recipe as JSON, cached. Raises DataError."""
    recipe = DataRecipe.model_validate_json(text)
    return class_counts(catalogue.load(recipe.name), recipe, seed)


def _histogram(plan: Plan, counts: dict[str, np.ndarray]) -> None:
    names = list(catalogue.describe(plan.draft.data["name"]).class_names)
    kept = counts["kept"]
    rare = names[rarest(kept)]
    summary = f"the largest class has {imbalance(kept):.3g} times as many training images as the rarest, {rare}"
    listed = ", ".join(f"{name} {count:,}" for name, count in zip(names, kept, strict=True))
    chart(
        figures.classes(names, counts["there"], kept),
        "imbalance-classes",
        sentence(summary),
        f"Training images per class: {listed}. {sentence(summary)}",
        300,
    )
    st.markdown(
        f":small[Only training images are left out or copied. The {counts['validation'].sum():,} validation and "
        f"{counts['test'].sum():,} test images never change.]"
    )
    columns: dict[str, list[str] | np.ndarray] = {
        "class": names,
        "in the data set": counts["there"],
        "training": kept,
        **{k: counts[k] for k in ("validation", "test")},
    }
    numbers("Images per class as a table", columns, "imbalance-classes")
