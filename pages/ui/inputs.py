"""Input fields that keep what was typed, valid or not, and hand it to the session's state."""

import math
import re
from collections.abc import Callable

import streamlit as st
from pydantic import TypeAdapter, ValidationError


def bound(widget: Callable, label: str, value, put: Callable, key: str, **options):
    """A widget that shows `value` and passes a changed value to `put` before the page runs again. The value is kept in
    our state, not in the widget's: it survives a change of page, and a typing error stays as typed.

    If anything but the user can change the value, the key must change with it (a draft's ticket): otherwise an update
    of a live chart at the same moment can bring back the value that the browser still holds for the old key."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    widget(label, key=key, on_change=lambda: put(st.session_state[key]), **options)


def number(label: str, value, put: Callable, key: str, **options) -> None:
    """A number of any size, shown without trailing zeros. Text that is not a number is kept as typed, and the draft's
    check reports it: the field and the draft always agree."""
    bound(st.text_input, label, number_text(value), lambda text: put(number_of(text)), key, **options)


def whole(label: str, value, put: Callable, key: str, **options) -> None:
    """A whole number, or the text that was typed instead."""
    bound(st.text_input, label, str(value), lambda text: put(whole_of(text)), key, **options)


def number_text(value) -> str:
    return str(value) if isinstance(value, str) else repr(float(value)).removesuffix(".0")


def number_of(text: str):
    """ "0.01" -> 0.01; text that is not a number is returned unchanged."""
    try:
        value = float(text) if text.isascii() else math.nan
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def whole_of(text: str):
    """ "64" -> 64; anything else, including 20 digits or more, is returned unchanged."""
    return int(text) if re.fullmatch(r"\s*[+-]?\d{1,19}\s*", text, re.ASCII) else text


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
    """An empty field means None and shows the placeholder `empty`; `read` parses the text, by default a whole
    number."""
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
    """The fields as a spec; None while they are invalid, which the page reports elsewhere."""
    try:
        return TypeAdapter(kind).validate_python(fields)
    except ValidationError:
        return None
