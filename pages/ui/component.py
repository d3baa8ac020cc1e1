"""Mounts the browser part of a widget: its script and everything it imports, as one module."""

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
    """Mounts a script, with the .css file beside it and beside each script it imports. `script` is the `__file__` of a
    widget with a .js file beside it, or the name of a shared script.

    Call the result with key= and data=. If the browser reports a value x to Python, also pass default={"x": ...} and
    on_x_change=lambda: None; the call then returns an object with the attribute x.
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
    """The script and every script it imports, each once, dependencies first."""
    needed = [
        path for name in _IMPORT.findall(script.read_text()) for path in modules((script.parent / name).resolve())
    ]
    return [*dict.fromkeys(needed), script]


def joined(*scripts: Path) -> str:
    """The scripts and all that they import as one text, dependencies first: Streamlit mounts a single module that
    cannot import files. So the scripts of one widget must not use the same top-level name twice."""
    paths = dict.fromkeys(path for script in scripts for path in modules(script))
    return "".join(_EXPORT.sub("", _IMPORT.sub("", path.read_text())) for path in paths)


def among(controls: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """A validator for Options: rejects names that are not controls of the widget, with a message for lesson authors."""

    def known(names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(names) - set(controls)):
            raise ValueError(f"there is no control {unknown[0]!r}; there are {', '.join(controls)}")
        return names

    return known
