"""One interactive piece a file, found by its name: what a lesson writes as ```{name}, and what a lab page may show too.

A widget `pages/widgets/<subject>/<name>.py` has

    class Options(Spec):              frozen pydantic (core.spec.Spec): what a lesson may write, with defaults; validators
                                      raise ValueError with a sentence for the author
    def show(options: Options, key: str) -> None
                                      draws it; `key` is unique on the page: begin every key of Streamlit's with it
    CONTROLS: tuple[str, ...] = ()    optional: names a teacher's link may hide; ask pages.ui.hidden_controls.hidden(name)

Its words are in the table [<name>] of en.toml in its folder, and of de.toml, ... for other languages; it reads them with
`words(__file__)` of pages.ui.translations. A test lists what a language lacks.

Where something moves under the pointer, it has `<name>.js` and `.css` beside it, mounted by `component(__file__)` of
pages.ui.component; pages/ui/browser/base.js says what it may use. No arithmetic here: core computes.
"""

import functools
import importlib
import pkgutil
from types import ModuleType

from pydantic import ValidationError

from core.experiment import messages


class WidgetError(ValueError):
    """A widget that is not there, or options it does not take, in one sentence."""


@functools.cache
def _modules() -> dict[str, str]:
    """The module of each widget by the widget's name."""
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
    """Raises WidgetError for a name that no file here has."""
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
