"""One real digit and augmented copies of it, with a warning where the label might no longer be correct."""

import numpy as np
import streamlit as st
from pydantic import Field, TypeAdapter, ValidationError

from core.data import catalogue
from core.data.preparation import augmentation
from core.demos.images.label_safety import danger
from core.demos.images.pixel_table import pixel_table
from core.experiment.messages import explain
from core.figures.gallery import gallery
from core.random import generator
from core.spec import Spec
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import number_of, whole_of
from pages.ui.number_table import numbers
from pages.ui.translations import words


CONTROLS = ("kind", "digit", "amount")
AMOUNTS = {
    "shift": ("pixels", 2),
    "rotate": ("degrees", 10.0),
    "zoom": ("by", 0.2),
    "shear": ("degrees", 15.0),
    "noise": ("deviation", 40.0),
    "salt_and_pepper": ("share", 0.05),
    "brightness": ("by", 60.0),
    "contrast": ("by", 0.5),
    "flip": ("share", 0.5),
    "erase": ("size", 0.3),
    "color": ("by", 60.0),
}
"""For each kind, the field that sets the amount, and its default."""
COUNT = 10
_TRANSFORM: TypeAdapter = TypeAdapter(augmentation.Transform)


class Options(Spec):
    kind: str = Field(default="rotate", pattern=f"^({'|'.join(AMOUNTS)})$")
    digit: int = Field(default=6, ge=0, le=9)
    amount: float | None = None
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    kind, digit, amount = choose(options, key, texts)
    try:
        transform = _TRANSFORM.validate_python({"kind": kind, AMOUNTS[kind][0]: amount})
    except ValidationError as error:
        st.error(sentence(explain(error)))
        return
    turn = st.session_state.get(f"{key}-turn", 0)
    whole = catalogue.load("digits-32x32-rgb" if kind == "color" else "digits")
    one = whole.images[list(whole.labels).index(digit)][None]
    copies = augmentation.apply(one.repeat(COUNT, axis=0), (transform,), generator(turn, "augmentation gallery"))
    label = texts["drawn"].format(digit=digit)
    st.html(gallery(one, [texts["original"]], [f"{digit}, {texts['original']}"]))
    st.html(gallery(copies, [label] * COUNT, [f"{digit}: {texts[kind]} {amount}"] * COUNT))
    st.button(texts["again"], key=f"{key}-again", on_click=lambda: st.session_state.update({f"{key}-turn": turn + 1}))
    if why := danger(transform, digit):
        st.warning(texts[why].format(digit=digit, other=15 - digit, most=f"{amount:g}"))
    else:
        st.markdown(f":small[{texts['safe'].format(digit=digit)}]")
    names = [texts["original"], *map(str, range(1, COUNT + 1))]
    heads = [texts[name] for name in ("row", "column", "channel")]
    columns = pixel_table(np.concatenate([one, copies]), names, heads)
    numbers(texts["table"], columns, f"{key}-pixels", texts["save"], height=300)


def choose(options: Options, key: str, texts: dict[str, str]):
    kind, digit = options.kind, options.digit
    columns = st.columns(3)
    kinds = tuple(AMOUNTS)
    if "kind" in options.controls and not hidden("kind"):
        kind = columns[0].selectbox(
            texts["kind"],
            kinds,
            kinds.index(kind),
            format_func=lambda kind: texts[kind],
            key=f"{key}-kind",
            bind="query-params",
        )
    if "digit" in options.controls and not hidden("digit"):
        digit = columns[1].selectbox(texts["digit"], range(10), digit, key=f"{key}-digit", bind="query-params")
    field, usual = AMOUNTS[kind]
    amount = options.amount if options.amount is not None and kind == options.kind else usual
    if "amount" in options.controls and not hidden("amount"):
        text = columns[2].text_input(texts["amount"], f"{amount:g}", key=f"{key}-{kind}-amount")
        return kind, digit, whole_of(text) if field == "pixels" else number_of(text)
    return kind, digit, int(amount) if field == "pixels" else amount
