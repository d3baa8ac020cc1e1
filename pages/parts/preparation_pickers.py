"""The controls of a data recipe: which pictures train, how they are scaled, made wrong on purpose, and drawn anew."""

import streamlit as st

from pages.parts.draft import Draft
from pages.parts.pickers import bound, choice, number, optional, whole, whole_of
from pages.parts.scaling_picker import scaling_picker


TRANSFORMS = {
    "shift": ("Shift", "Moved by whole pixels, across and down."),
    "rotate": ("Rotate", "Turned about its middle."),
    "zoom": ("Zoom", "Made larger or smaller: by 0.1 is from 0.9 to 1.1 times."),
    "shear": ("Shear", "Slanted, like italic letters."),
    "noise": ("Gaussian noise", "Every value a little off; the standard deviation in grey levels of 255."),
    "salt_and_pepper": ("Salt and pepper", "This share of the pixels becomes black or white."),
    "brightness": ("Brightness", "All values up or down together, in grey levels."),
    "contrast": ("Contrast", "Values away from the picture's mean, or towards it: by 0.2 is from 0.8 to 1.2 times."),
    "color": ("Colour", "Each channel up or down by itself, in grey levels."),
    "flip": ("Mirror", "This share of the pictures, left for right. A mirrored 2 is no 2: not for digits."),
    "erase": ("Erase a box", "In this share of the pictures; size 0.3 is a box of 0.3 times each side."),
}
FIELDS = {
    "pixels": "Pixels",
    "degrees": "Degrees",
    "by": "By",
    "deviation": "Deviation",
    "share": "Share",
    "size": "Size",
    "fill": "Fill",
}
WHOLE = ("pixels", "fill")
EXPANSIONS = {"none": "as they are", "one_pixel_shifts": "5 times: also shifted by one pixel"}


def subset_pickers(draft: Draft) -> None:
    columns = st.columns(3)
    for column, (part, label) in zip(
        columns, (("train", "Train"), ("validation", "Validate"), ("test", "Test")), strict=True
    ):
        with column:
            optional(label, draft.data, part, draft.key(part))
    choice("Row order", ["file", "random", "stratified"], draft.data, "order", draft.key("data-order"))
    bound(
        st.text_input,
        "Training pictures of each class",
        counts_text(draft.data.get("per_class")),
        lambda text: draft.data.__setitem__("per_class", counts_of(text)),
        draft.key("per-class"),
        placeholder="all",
        help="One number for all classes, as 100, or one for each, as 100, 100, 5.",
    )


def noise_and_scaling_pickers(draft: Draft) -> None:
    put = draft.data.__setitem__
    scaling_picker(draft)
    number(
        "Wrong labels (share)", draft.data.get("label_noise", 0.0), lambda v: put("label_noise", v), draft.key("noise")
    )
    st.markdown(
        ":small[Only training labels are made wrong: what does the network learn from them, and what does the test part say?]"
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


def augmentation_pickers(draft: Draft) -> None:
    """Each transform with its numbers, in the order in which they are made."""
    st.markdown(
        ":small[Each epoch sees every training picture a little different, drawn from the seed: the same on every backend. "
        "Validation and test pictures stay as they are.]"
    )
    for place, fields in enumerate(draft.data.get("augmentation") or []):
        with st.container(border=True):
            _transform(draft, place, fields)
    kind = st.selectbox(
        "Another transform", list(TRANSFORMS), key="new-transform", format_func=lambda kind: TRANSFORMS[kind][0]
    )
    st.button("Add", key="add-transform", on_click=lambda: draft.add_transform(kind))


def _transform(draft: Draft, place: int, fields: dict) -> None:
    label, sentence = TRANSFORMS[fields["kind"]]
    st.markdown(f"**{label}** :small[{sentence}]")
    names = [name for name in fields if name != "kind"]
    for column, name in zip(st.columns(max(2, len(names))), names, strict=False):
        with column:
            show = whole if name in WHOLE else number
            put = fields.__setitem__
            show(FIELDS[name], fields[name], lambda v, put=put, name=name: put(name, v), draft.key(f"{name}-{place}"))
    st.button(f"Remove {label}", key=draft.key(f"remove-{place}"), on_click=lambda: draft.remove_transform(place))


def counts_text(counts) -> str:
    if counts is None:
        return ""
    return counts if isinstance(counts, str) else ", ".join(map(str, counts))


def counts_of(text: str):
    """ "100, 5" -> [100, 5]; "" -> None; what are no numbers comes back as it was typed, and is refused in words."""
    if not text.strip():
        return None
    counts = [whole_of(word) for word in text.replace(";", ",").split(",")]
    return counts if all(isinstance(count, int) for count in counts) else text
