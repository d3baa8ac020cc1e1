"""How a widget's browser part is mounted: the shared script and style first, then its own."""

from functools import lru_cache
from pathlib import Path

import streamlit as st


BROWSER = Path(__file__).parent / "browser"


@lru_cache(maxsize=100)
def component(name: str):
    """Mounts browser/<name>.js below browser/base.js, both in one module; styles likewise (a <name>.css may lack).

    Call what comes back with key=, data= and, where the browser tells Python something, default={"x": ...} and
    on_x_change=lambda: None; it gives an object with x.
    """
    style = BROWSER / f"{name}.css"
    return st.components.v2.component(
        f"convscope_{name}",
        html="<div class='widget'></div>",
        css=(BROWSER / "base.css").read_text() + (style.read_text() if style.exists() else ""),
        js=(BROWSER / "base.js").read_text() + (BROWSER / f"{name}.js").read_text(),
    )
