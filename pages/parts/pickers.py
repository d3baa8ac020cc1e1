"""Controls that show and change one thing of the session, wherever they stand."""

import math
import re
from collections.abc import Callable

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.formulas.balance import PRECISIONS, ROW_ORDERS
from core.network import presets
from pages.parts.draft import Draft
from pages.parts.words import amount, plain, sentence


OWN = "my own"
ALWAYS = "digits"


def bound(widget: Callable, label: str, value, put: Callable, key: str, **options):
    """A widget that shows `value` and hands what the user makes of it to `put`, before the page runs again. The value
    lives with us, not with the widget: it survives a change of the page, and a typing error is kept as it was typed.

    Where something else than the user can change the value, the key must change with it (a draft's ticket): a live chart
    ticks at the same time, and brings what the browser still holds for the old key."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    widget(label, key=key, on_change=lambda: put(st.session_state[key]), **options)


def said_of(draft: Draft, field: str) -> None:
    """What is wrong with a field, below it."""
    with st.container():
        for problem in draft.check().general:
            if problem.field == field:
                st.markdown(f":red[:small[{plain(sentence(problem.sentence))}]]")


def preset_picker(draft: Draft, explained: bool = True) -> None:
    """With a sentence below, or behind a question mark."""
    shown = draft.preset or OWN
    sentence = presets.get(draft.preset).sentence if draft.preset else "Changed by you on the Build page."
    options = presets.names() + ([OWN] if draft.preset is None else [])
    bound(
        st.selectbox,
        "Network",
        shown,
        lambda name: name not in (OWN, shown) and draft.choose_preset(name),  # not what a browser still holds of before
        f"preset{draft.undone}" if draft.preset else f"preset-own{draft.undone}",
        options=options,
        format_func=lambda name: name if name == OWN else presets.get(name).label,
        help=None if explained else sentence,
    )
    if explained:
        st.markdown(f":small[{sentence}]")


def data_picker(draft: Draft, explained: bool = True) -> None:
    """With a sentence below, or behind a question mark. A set that has gone gives way to one that is always there."""
    try:
        catalogue.describe(draft.data["name"])
    except DataError as error:
        st.error(str(error))
        draft.choose_data(ALWAYS)
    shown = draft.data["name"]
    sentence = catalogue.describe(shown).summary
    bound(
        st.selectbox,
        "Data",
        shown,
        lambda name: name != shown and draft.choose_data(name),
        f"data{draft.undone}",
        options=catalogue.names(),
        format_func=lambda name: catalogue.describe(name).label,
        help=None if explained else sentence,
    )
    if explained:
        st.markdown(f":small[{sentence}]")


def missing_data(name: str) -> bool:
    """Says what is missing, offers the download where there is one."""
    sentence = catalogue.missing(name)
    if sentence is None:
        return False
    st.warning(sentence)
    if catalogue.describe(name).downloadable and st.button("Download it now", key="download"):
        _download(name)
    return True


def _download(name: str) -> None:
    bar = st.progress(0.0, "Starting the download …")
    try:
        catalogue.download(name, lambda done, total: bar.progress(done / total, f"{amount(done)} of {amount(total)}"))
    except DataError as error:
        bar.empty()
        st.error(str(error))
    else:
        st.rerun()


def number(label: str, value, put: Callable, key: str, **options) -> None:
    """A small or large number, shown without needless zeros. What is none is kept as it was typed, and the draft says
    what is wrong: the field and the draft never hold two things."""
    bound(st.text_input, label, number_text(value), lambda text: put(number_of(text)), key, **options)


def whole(label: str, value, put: Callable, key: str, **options) -> None:
    """A whole number, or what was typed instead."""
    bound(st.text_input, label, str(value), lambda text: put(whole_of(text)), key, **options)


def number_text(value) -> str:
    return str(value) if isinstance(value, str) else repr(float(value)).removesuffix(".0")


def number_of(text: str):
    """ "0.01" -> 0.01; what is no number comes back as it was typed."""
    try:
        value = float(text) if text.isascii() else math.nan
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def whole_of(text: str):
    """ "64" -> 64; anything else, also twenty digits and more, comes back as it was typed."""
    return int(text) if re.fullmatch(r"\s*[+-]?\d{1,19}\s*", text, re.ASCII) else text


def fine_pickers(draft: Draft) -> None:
    """What a first training does not need."""
    training, data = draft.training, draft.data
    left, right = st.columns(2)
    with left:
        whole(
            "Seed",
            draft.seed,
            lambda value: setattr(draft, "seed", value),
            draft.key("seed"),
            help="All chance comes from it: the first weights, the order of the batches, dropout, what is drawn. The same "
            "seed makes the same start on every backend.",
        )
        optional("Training pictures", data, "train", draft.key("train"))
    with right:
        for part, label in (("validation", "Validation"), ("test", "Test")):
            optional(f"{label} pictures", data, part, draft.key(part))
        said_of(draft, "data")
    row_order(draft)
    choice("Numbers", list(PRECISIONS), training, "precision", draft.key("precision"))
    st.markdown(f":small[{PRECISIONS.get(training['precision'], '')}]")


def row_order(draft: Draft) -> None:
    choice("Row order", list(ROW_ORDERS), draft.data, "order", draft.key("data-order"))
    st.markdown(f":small[{ROW_ORDERS[draft.data.get('order') or 'file']}]")


def choice(label: str, options: list[str], fields: dict, name: str, key: str) -> None:
    bound(
        st.selectbox,
        label,
        fields.get(name) or options[0],
        lambda value: fields.__setitem__(name, value),
        key,
        options=options,
    )


def optional(label: str, fields: dict, name: str, key: str, empty: str = "all", read: Callable | None = None) -> None:
    """An empty field is None, and says what that means; `read` makes a value of the text, a whole number by itself."""
    value, read = fields.get(name), read or whole_of
    bound(
        st.text_input,
        label,
        "" if value is None else str(value),
        lambda text: fields.__setitem__(name, read(text) if text.strip() else None),
        key,
        placeholder=empty,
    )


def checked(fields: dict, kind):
    """The spec that was typed; None while it is none, which the page says below."""
    try:
        return TypeAdapter(kind).validate_python(fields)
    except ValidationError:
        return None
