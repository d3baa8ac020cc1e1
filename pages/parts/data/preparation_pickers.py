"""The controls of a data recipe: subsets, scaling, label noise and augmentation."""

import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.part_sizes import sizes_of
from core.data.preparation.augmentation import Transform
from core.data.recipe import DataRecipe, Share
from core.drafts.draft import Draft
from core.formulas import augmentation as formulas, preparation
from pages.parts.data.scaling_picker import scaling_picker
from pages.parts.session.pickers import row_order
from pages.ui.inputs import bound, checked, number, optional, whole, whole_of


TRANSFORMS = {
    "shift": "Shift",
    "rotate": "Rotate",
    "zoom": "Zoom",
    "shear": "Shear",
    "noise": "Gaussian noise",
    "salt_and_pepper": "Salt and pepper",
    "brightness": "Brightness",
    "contrast": "Contrast",
    "color": "Colour",
    "flip": "Mirror",
    "erase": "Erase a box",
}
FIELDS = {
    "pixels": "Pixels",
    "degrees": "Degrees",
    "by": "Maximum change",
    "deviation": "Deviation",
    "share": "Share",
    "size": "Size",
    "fill": "Fill",
}
WHOLE = ("pixels", "fill")
EXPANSIONS = {"none": "as in the data set", "one_pixel_shifts": "5 times as large: one-pixel shifts"}


def subset_pickers(draft: Draft) -> None:
    columns = st.columns(3)
    for column, (part, label) in zip(
        columns, (("train", "Training"), ("validation", "Validation"), ("test", "Test")), strict=True
    ):
        with column:
            optional(label, draft.data, part, draft.key(part))
    row_order(draft)
    bound(
        st.text_input,
        "Training images per class",
        counts_text(draft.data.get("per_class")),
        lambda text: draft.data.__setitem__("per_class", counts_of(text)),
        draft.key("per-class"),
        placeholder="all",
        help="One number for all classes, e.g. 100, or one per class, e.g. 100, 100, 5.",
    )


def noise_and_scaling_pickers(draft: Draft) -> None:
    put = draft.data.__setitem__
    scaling_picker(draft)
    number(
        "Label noise (share of wrong labels)",
        draft.data.get("label_noise", 0.0),
        lambda v: put("label_noise", v),
        draft.key("noise"),
    )
    st.markdown(
        ":small[Only training labels are changed: what does the network learn from them, and what does the test set "
        "show?]" + _wrong_label(draft)
    )
    bound(
        st.selectbox,
        "Training set",
        draft.data.get("expansion", "none"),
        lambda chosen: put("expansion", chosen),
        draft.key("expansion"),
        options=list(EXPANSIONS),
        format_func=EXPANSIONS.get,
    )
    if draft.data.get("expansion") == "one_pixel_shifts":
        st.markdown(
            ":small[Every training image, plus copies shifted by one pixel up, down, left and right. New pixels are "
            "black.]" + in_lines(preparation.one_pixel_shifts(_unexpanded(draft)))
        )


def _wrong_label(draft: Draft) -> str:
    share = checked(draft.data.get("label_noise", 0.0), Share)
    lines = [] if share is None else preparation.wrong_label(share, draft.classes())
    caption = "  \n:small[An image of class y keeps its label or gets the label of another class k:]"
    return caption + in_lines(lines) if lines else ""


def in_lines(lines: list[str]) -> str:
    """Each formula on a separate line, below the preceding text."""
    return "".join(f"  \n:small[${formula}$]" for formula in lines)


def _unexpanded(draft: Draft) -> int | None:
    """The number of training images without one-pixel shifts; None if the recipe is invalid or the data are missing."""
    fields = {name: value for name, value in draft.data.items() if value is not None}
    try:
        recipe = DataRecipe.model_validate({**fields, "expansion": "none"})
        return None if catalogue.missing(recipe.name) else sizes_of(recipe, draft.usable_seed()).train
    except (ValidationError, DataError):
        return None


def augmentation_pickers(draft: Draft) -> None:
    """Each transform with its settings, in the order in which they are applied."""
    st.markdown(
        ":small[In each epoch, every training image is changed a little at random. The seed makes it the same on every "
        "backend. Validation and test images stay unchanged.]"
    )
    for index, fields in enumerate(draft.data.get("augmentation") or []):
        with st.container(border=True):
            _transform(draft, index, fields)
    kind = st.selectbox("New transform", list(TRANSFORMS), key="new-transform", format_func=TRANSFORMS.__getitem__)
    st.button("Add", key="add-transform", on_click=lambda: draft.add_transform(kind))


def _transform(draft: Draft, index: int, fields: dict) -> None:
    label, it = TRANSFORMS[fields["kind"]], checked(fields, Transform)
    text = f"  \n:small[{formulas.sentence(it)}]  \n:small[${formulas.formula(it)}$]" if it is not None else ""
    st.markdown(f"**{label}**{text}")
    names = [name for name in fields if name != "kind"]
    for column, name in zip(st.columns(max(2, len(names))), names, strict=False):
        with column:
            show = whole if name in WHOLE else number
            put = fields.__setitem__
            show(FIELDS[name], fields[name], lambda v, put=put, name=name: put(name, v), draft.key(f"{name}-{index}"))
    st.button(f"Remove {label}", key=draft.key(f"remove-{index}"), on_click=lambda: draft.remove_transform(index))


def counts_text(counts) -> str:
    if counts is None:
        return ""
    return counts if isinstance(counts, str) else ", ".join(map(str, counts))


def counts_of(text: str):
    """ "100, 5" -> [100, 5]; "" -> None; anything else is returned unchanged, and the recipe's check explains it."""
    if not text.strip():
        return None
    counts = [whole_of(word) for word in text.replace(";", ",").split(",")]
    return counts if all(isinstance(count, int) for count in counts) else text
