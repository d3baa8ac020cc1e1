"""How a widget's browser part is mounted: the shared script and style first, then its own."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st


BROWSER = Path(__file__).parent / "browser"
"""The scripts and styles that several widgets share."""


@lru_cache(maxsize=100)
def component(script: str, *shared: str):
    """Mounts a widget's script below browser/base.js and the `shared` ones, all in one module; styles likewise (each .css
    may lack). `script` is the `__file__` of a widget whose .js lies beside it, or the name of a shared script.

    Call what comes back with key=, data= and, where the browser tells Python something, default={"x": ...} and
    on_x_change=lambda: None; it gives an object with x.
    """
    own = Path(script) if script.endswith(".py") else BROWSER / script
    parts = [*(BROWSER / name for name in ("base", *shared)), own]
    return st.components.v2.component(
        f"convscope_{own.stem}",
        html="<div class='widget'></div>",
        css="".join(path.read_text() for part in parts if (path := part.with_suffix(".css")).exists()),
        js="".join(part.with_suffix(".js").read_text() for part in parts),
    )


def among(controls: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """For Options: refuses what is no control of the widget, with a sentence for the author of a lesson."""

    def known(asked: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(asked) - set(controls)):
            raise ValueError(f"there is no control {unknown[0]!r}; there are {', '.join(controls)}")
        return asked

    return known
