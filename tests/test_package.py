"""ConvScope as pip installs it: the wheel in a fresh environment, started from an empty folder."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.support.browser import ROOT, chromium, free_port, needs_chromium, open_page, running


SOURCES = ("core", "backends", "pages", ".streamlit", "serve.py", "streamlit_app.py", "setup.py", "pyproject.toml")
READ_AT_RUN_TIME = {".py", ".js", ".css", ".toml", ".json", ".jsonl", ".safetensors", ".md", ".svg"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """(folder of executables, folder of packages) of a fresh environment with the wheel and today's dependencies."""
    folder = tmp_path_factory.mktemp("package")
    wheel = _build(folder)
    environment = folder / "environment"
    venv.create(environment, symlinks=True)
    base = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", base))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(environment / "bin" / "python")]
    _run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], folder)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin", packages


def _build(folder: Path) -> Path:
    """Build from a copy, since setuptools leaves files next to the sources."""
    copy = folder / "sources"
    copy.mkdir()
    for name in (*SOURCES, "README.md", "requirements.txt"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    _run([*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), "."], copy)
    return next(folder.glob("convscope-0.1.0-*.whl"))


def _run(command: list[str], folder: Path) -> str:
    """Run a command without the checkout on its path; returns its output."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_contains_every_file_that_is_read_at_run_time(installed):
    wanted = {
        path.relative_to(ROOT)
        for name in ("core", "backends", "pages")
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path.suffix for path in wanted} <= READ_AT_RUN_TIME, "a new kind of file: add it to package-data"
    _, packages = installed
    assert sorted(str(path) for path in wanted if not (packages / path).is_file()) == []


@pytest.mark.slow
def test_the_installed_command_lists_the_backends(installed, tmp_path):
    executables, _ = installed
    listed = json.loads(_run([str(executables / "convscope"), "list", "--json"], tmp_path))
    assert [entry["name"] for entry in listed] == ["reference", "pytorch", "tensorflow"]
    assert [entry["problem"] for entry in listed] == [None, None, None]


@pytest.mark.browser
def test_the_installed_dashboard_shows_its_pages_from_an_empty_folder(installed, tmp_path):
    needs_chromium()
    executables, packages = installed
    here, port = tmp_path / "empty", free_port()
    here.mkdir()
    before = sorted(packages.iterdir())
    command = [str(executables / "convscope"), "serve", "--port", str(port), "--address", "127.0.0.1"]
    with running(command, port, here, tmp_path / "runs", PYTHONPATH="") as address, chromium() as browser:
        health = json.load(urllib.request.urlopen(f"{address}/health"))
        assert health["status"] == "ok"
        library = urllib.request.urlopen(f"{address}/app/static/plotly.min.js").read()
        assert b"plotly.js" in library[:200]

        home = open_page(browser, address)
        button = home.locator("[data-testid=stBaseButton-primary]").first
        color = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]["light"]["primaryColor"]
        assert button.evaluate("button => getComputedStyle(button).backgroundColor") == _rgb(color)

        lesson = open_page(browser, f"{address}/lesson?lesson=l12")
        assert "recorded 20" in lesson.locator("[data-testid=stMain]").inner_text()
        assert (home.errors + lesson.errors, home.outside + lesson.outside) == ([], [])
    assert list(here.iterdir()) == []
    assert sorted(packages.iterdir()) == before, "a server must not write where it is installed"


def _rgb(color: str) -> str:
    """#2B5CD3 as a browser writes it."""
    return f"rgb({', '.join(str(value) for value in bytes.fromhex(color[1:]))})"
