"""Runs the widgets' scripts outside a page: what they compute is compared with core."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from pages.ui.component import BROWSER, joined


def javascript(scripts: tuple[str, ...], expression: str, given=None):
    """The value of `expression`, which may use `given`, below these shared scripts. Skips where there is no Node.js."""
    source = joined(*(BROWSER / f"{name}.js" for name in scripts))
    program = f"{source}\nconst given = {json.dumps(given)};\nconsole.log(JSON.stringify({expression}));"
    done = subprocess.run([_node(), "-"], input=program, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _node() -> str:
    """The path of Node.js: the system's, or the one included in Playwright."""
    if path := shutil.which("node"):
        return path
    playwright = pytest.importorskip("playwright")
    brought = Path(playwright.__file__).parent / "driver" / "node"
    if not brought.exists():
        pytest.skip("there is no Node.js on this machine to run the widgets' arithmetic")
    return str(brought)
