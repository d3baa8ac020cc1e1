"""The installed plotly.min.js, put where a page can fetch it from this server: no other host is ever asked."""

import os
from contextlib import suppress
from pathlib import Path

import plotly


PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
"""serve.py has a route to it."""

STATIC = Path(__file__).parents[2] / "static"
"""For `streamlit run streamlit_app.py`, which has no routes. Only a checkout has this folder."""


def provide_plotly() -> None:
    """Once; written aside and moved into place, so that a page never gets half of it."""
    source, target = PLOTLY, STATIC / "plotly.min.js"
    with suppress(OSError):  # not a checkout, or a read-only one: there, the chart says in its place what is missing
        if not target.exists() or target.stat().st_size != source.stat().st_size:
            aside = target.with_name(f"{target.name}.{os.getpid()}.part")
            aside.write_bytes(source.read_bytes())
            os.replace(aside, target)
