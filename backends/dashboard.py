"""Starts the dashboard: Streamlit on serve.py with ConvScope's settings, from any working directory."""

import json
import runpy
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

from backends.host import ROOT


SETTINGS = (ROOT / ".streamlit" / "config.toml", ROOT / "convscope" / "config.toml")
"""Where the settings file is in a checkout, and where pip installs it. Streamlit does not look there itself."""


def serve(port: int, address: str | None = None) -> None:
    """Serve on `port` until interrupted; `address` is the address to listen on (default: all).
    Ends with SystemExit, as Streamlit's own command does."""
    where = [f"--server.port={port}"] + ([f"--server.address={address}"] if address else [])
    sys.argv = ["streamlit", "run", str(ROOT / "serve.py"), *flags(_settings()), *where]
    runpy.run_module("streamlit", run_name="__main__")


def flags(settings: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """{"server": {"maxUploadSize": 200}} -> --server.maxUploadSize=200; a list is one flag per item."""
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from flags(value, f"{prefix}{key}.")
        else:
            items = value if isinstance(value, list) else [value]
            yield from (f"--{prefix}{key}={item if isinstance(item, str) else json.dumps(item)}" for item in items)


def _settings() -> dict[str, Any]:
    path = next(path for path in SETTINGS if path.exists())
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    settings["server"]["enableStaticServing"] = False  # serve.py serves the one static file itself
    return settings
