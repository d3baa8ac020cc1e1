"""The choice of pixel scaling, its settings, and its statistics for the training images."""

import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.preparation.scaling import FittedScaling, Global, PerChannel, PerPixel, Scaling, fit
from core.data.prepared import chosen_rows
from core.data.recipe import DataRecipe
from core.drafts.draft import Draft
from core.formulas import scaling as formulas
from pages.ui.inputs import bound, checked, number


SCALINGS = {
    "unit": "0 to 1",
    "signed": "−1 to 1",
    "global": "standardise all pixels together",
    "per_channel": "standardise each channel",
    "per_pixel": "standardise each pixel",
    "raw": "0 to 255, unscaled",
}
FIELDS = {
    "floor": (
        "Floor",
        "In grey levels. Smaller standard deviations are replaced by it, so that values do not explode.",
    ),
    "epsilon": ("Epsilon", "In grey levels, added to every standard deviation. With floor 0: (x − m) / (s + epsilon)."),
}
STANDARDISING = {"global": Global, "per_channel": PerChannel, "per_pixel": PerPixel}
MOST_VALUES = 60_000_000
"""Pixels, more than MNIST has. For larger sets the formula shows symbols instead of numbers, to save time."""


def scaling_picker(draft: Draft) -> None:
    fields = draft.data.get("scaling") or {"kind": "unit"}
    typed = st.session_state.setdefault(draft.key("scalings-typed"), {})
    typed[fields["kind"]] = fields
    bound(
        st.selectbox,
        "Pixel scaling",
        fields["kind"],
        lambda kind: draft.data.__setitem__("scaling", typed.get(kind, {"kind": kind})),
        draft.key("scaling"),
        options=list(SCALINGS),
        format_func=SCALINGS.get,
    )
    _numbers(draft, fields)
    if (it := checked(fields, Scaling)) is not None:
        fitted = _fitted(draft) if isinstance(it, tuple(STANDARDISING.values())) else None
        st.markdown(f":small[{formulas.SENTENCES[it.kind]}]\n\n:small[${formulas.scaling_formula(it, fitted)}$]")
        if isinstance(it, PerPixel) and fitted is not None:
            _unchanging(fitted)


def _numbers(draft: Draft, fields: dict) -> None:
    """The settings of this kind of scaling; one that is not set shows its default."""
    spec = STANDARDISING.get(fields["kind"])
    names = [name for name in FIELDS if spec and name in spec.model_fields]
    if spec is None or not names:
        return
    for column, name in zip(st.columns(2), names, strict=False):
        label, meaning = FIELDS[name]
        put = lambda value, name=name: draft.data.__setitem__("scaling", {**fields, name: value})
        with column:
            value = fields.get(name, spec.model_fields[name].default)
            number(label, value, put, draft.key(f"scaling-{name}-{fields['kind']}"), help=meaning)


def _unchanging(fitted: FittedScaling) -> None:
    text = formulas.unchanging_pixels(fitted)
    if formulas.explodes(fitted):
        st.warning(text)
    elif text:
        st.markdown(f":small[{text}]")


def _fitted(draft: Draft) -> FittedScaling | None:
    """None if the recipe is invalid, the data are missing, or there are too many images to fit quickly."""
    fields = {name: value for name, value in draft.data.items() if value is not None}
    try:
        recipe = DataRecipe.model_validate({**fields, "augmentation": (), "expansion": "none"})
        if catalogue.missing(recipe.name) or not isinstance(draft.seed, int):
            return None
        return _fit(recipe.model_dump_json(), draft.seed)
    except (ValidationError, DataError):
        return None


@st.cache_data(max_entries=32, show_spinner=False)
def _fit(text: str, seed: int) -> FittedScaling | None:
    recipe = DataRecipe.model_validate_json(text)
    dataset = catalogue.load(recipe.name)
    rows = chosen_rows(dataset, recipe, seed).originals
    if len(rows) * dataset.images[0].size > MOST_VALUES:
        return None
    return fit(recipe.scaling, dataset.images[rows])
