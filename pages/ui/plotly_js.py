"""Serves the installed plotly.min.js from this server, so that no page loads it from another host."""

import os
from contextlib import suppress
from pathlib import Path

import plotly


PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
"""serve.py has a route for it."""

STATIC = Path(__file__).parents[2] / "static"
"""For `streamlit run streamlit_app.py`, which has no routes. This folder exists only in a checkout."""


def provide_plotly() -> None:
    """Copies the file once; writes a temporary file and renames it, so that no page ever loads half of it."""
    source, target = PLOTLY, STATIC / "plotly.min.js"
    with suppress(OSError):  # not a checkout, or a read-only one: the chart then shows a message instead
        if not target.exists() or target.stat().st_size != source.stat().st_size:
            temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
            temporary.write_bytes(source.read_bytes())
            os.replace(temporary, target)
