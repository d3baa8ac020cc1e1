"""How a widget's browser part is mounted: its script and all that it imports, as one module."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st


BROWSER = Path(__file__).parent / "browser"
"""The scripts and styles that several widgets share."""
_IMPORT = re.compile(r"^import (?:\{[^}]*\} from )?'([^']+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@lru_cache(maxsize=100)
def component(script: str, html: str | None = "<div class='widget'></div>", isolate_styles: bool = True):
    """Mounts a script and the .css beside it and beside each script it imports. `script` is the `__file__` of a widget
    whose .js is beside it, or the name of a shared script.

    Call the result with key=, data= and, where the browser tells Python something, default={"x": ...} and
    on_x_change=lambda: None; it returns an object with x.
    """
    own = Path(script).with_suffix(".js") if script.endswith(".py") else BROWSER / f"{script}.js"
    styles = [path.with_suffix(".css") for path in modules(own)]
    return st.components.v2.component(
        f"convscope_{own.stem}",
        html=html,
        css="".join(path.read_text() for path in styles if path.exists()) or None,
        js=joined(own),
        isolate_styles=isolate_styles,
    )


def modules(script: Path) -> list[Path]:
    """The script and every script it imports, each once and after those that it imports itself."""
    needed = [
        path for name in _IMPORT.findall(script.read_text()) for path in modules((script.parent / name).resolve())
    ]
    return [*dict.fromkeys(needed), script]


def joined(script: Path) -> str:
    """The script below all that it imports, as one text: Streamlit mounts one module, which can import no file. So two
    scripts that meet in one widget may not give the same name to two things at their top level."""
    return "".join(_EXPORT.sub("", _IMPORT.sub("", path.read_text())) for path in modules(script))


def among(controls: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """For Options: refuses what is no control of the widget, with a sentence for the author of a lesson."""

    def known(asked: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(asked) - set(controls)):
            raise ValueError(f"there is no control {unknown[0]!r}; there are {', '.join(controls)}")
        return asked

    return known
