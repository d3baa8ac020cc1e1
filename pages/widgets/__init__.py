"""Interactive pieces, one per file, found by name: a lesson writes ```{name}, and a lab page may show them too.

A widget `pages/widgets/<subject>/<name>.py` has

    class Options(Spec)               frozen pydantic model: what a lesson may write, with defaults. Validators raise
                                      ValueError with a message for the author
    def show(options: Options, key: str) -> None
                                      draws it. `key` is unique on the page: every Streamlit key begins with it
    CONTROLS: tuple[str, ...] = ()    optional: what a teacher's link may hide (pages.ui.hidden_controls)

Its texts are in the table [<name>] of en.toml in its folder, and of de.toml, ... for other languages; it reads them
with `words(__file__)` from pages.ui.translations. A test lists what a language is missing.

A widget that reacts to the pointer has `<name>.js` and `<name>.css` beside it, mounted by `component(__file__)` from
pages.ui.component; pages/ui/browser/base.js lists what a script may use. No arithmetic here: core computes.
"""

import functools
import importlib
import pkgutil
from types import ModuleType

from pydantic import ValidationError

from core.experiment import messages


class WidgetError(ValueError):
    """An unknown widget or invalid options; the message is one sentence."""


@functools.cache
def _modules() -> dict[str, str]:
    """Maps each widget's name to its module."""
    subjects = [subject.name for subject in pkgutil.iter_modules(__path__) if subject.ispkg]
    paths = {subject: [f"{folder}/{subject}" for folder in __path__] for subject in subjects}
    return {
        widget.name: f"{__name__}.{subject}.{widget.name}"
        for subject in subjects
        for widget in pkgutil.iter_modules(paths[subject])
    }


def names() -> list[str]:
    return sorted(_modules())


def load(name: str) -> ModuleType:
    """Raises WidgetError for an unknown name."""
    if name not in _modules():
        raise WidgetError(f"there is no widget {name!r}; there are {', '.join(names())}, quiz, predict and after")
    return importlib.import_module(_modules()[name])


def read(name: str, options: dict):
    """The widget's Options. Raises WidgetError."""
    try:
        return load(name).Options.model_validate(options)
    except ValidationError as error:
        raise WidgetError(f"{name} does not take these options: {messages.explain(error)}") from None


def show(name: str, options: dict, key: str) -> None:
    """Raises WidgetError before anything is drawn."""
    load(name).show(read(name, options), key)
