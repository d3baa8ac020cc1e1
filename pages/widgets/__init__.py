"""One interactive piece a file, found by its name: what a lesson writes as ```{name}, and what a lab page may show too.

A widget `pages/widgets/<name>.py` has

    class Options(Spec):              frozen pydantic (core.spec.Spec): what a lesson may write, with defaults; validators
                                      raise ValueError with a sentence for the author
    def show(options: Options, key: str) -> None
                                      draws it; `key` is unique on the page: begin every key of Streamlit's with it
    CONTROLS: tuple[str, ...] = ()    optional: names a teacher's link may hide; ask pages.learn.hiding.hidden(name)
    WORDS: dict[str, dict[str, str]]  optional: {"en": {...}, "de": {...}}, read by `words(WORDS)`; a test reports what lacks

and, where something moves under the pointer, `pages/widgets/browser/<name>.js` and `.css`, mounted by
`pages.widgets.base.component(name)`; browser/base.js says what it may use. No arithmetic here: core computes.
"""

import functools
import importlib
import pkgutil
from types import ModuleType

import streamlit as st
from pydantic import ValidationError

from core.experiment import explain


class WidgetError(ValueError):
    """A widget that is not there, or options it does not take, in one sentence."""


NOT_WIDGETS = ("base",)


@functools.cache
def names() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name not in NOT_WIDGETS)


def load(name: str) -> ModuleType:
    """Raises WidgetError for a name that no file here has."""
    if name not in names():
        raise WidgetError(f"there is no widget {name!r}; there are {', '.join(names())}, quiz, predict and after")
    return importlib.import_module(f"{__name__}.{name}")


def read(name: str, options: dict):
    """The widget's Options. Raises WidgetError."""
    try:
        return load(name).Options.model_validate(options)
    except ValidationError as error:
        raise WidgetError(f"{name} does not take these options: {explain(error)}") from None


def show(name: str, options: dict, key: str) -> None:
    """Raises WidgetError before anything is drawn."""
    load(name).show(read(name, options), key)


def words(table: dict[str, dict[str, str]]) -> dict[str, str]:
    """A widget's WORDS in the reader's language, English where a text lacks."""
    return table["en"] | table.get(st.session_state.get("language", "en"), {})
