"""Fields for numbers and choices: what is typed is read, bounded and explained."""

import math
import re
from collections.abc import Callable

import streamlit as st
from pydantic import TypeAdapter, ValidationError


def bound(widget: Callable, label: str, value, put: Callable, key: str, **options):
    """A widget that shows `value` and hands what the user makes of it to `put`, before the page runs again. The value
    lives with us, not with the widget: it survives a change of the page, and a typing error is kept as it was typed.

    Where something else than the user can change the value, the key must change with it (a draft's ticket): a live chart
    ticks at the same time, and brings what the browser still holds for the old key."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    widget(label, key=key, on_change=lambda: put(st.session_state[key]), **options)


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
