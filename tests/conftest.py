"""What every test may count on: a runs folder of its own, and the real data where they are."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from backends.contract.conftest import backend as backend
from backends.executors.local import LocalExecutor
from tests.support.browser import chromium, close_pages, needs_chromium, server


os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Tests run side by side: PyTorch threads waiting for a busy core made its steps three times slower."""

settings.register_profile("crowded machine", deadline=None)
settings.load_profile("crowded machine")


@pytest.fixture(autouse=True)
def own_runs_folder(tmp_path, monkeypatch):
    """No test writes into the user's runs."""
    monkeypatch.setenv("CONVSCOPE_RUNS", str(tmp_path / "runs"))


@pytest.fixture(autouse=True, scope="module")
def quick_collections():
    """Streamlit collects garbage after every run of a script: what earlier modules loaded (TensorFlow!) is none."""
    gc.freeze()


@pytest.fixture
def real_data() -> Path:
    """The folder with mnist/, svhn/ and fer2013/: CONVSCOPE_DATA, or shared/data beside the repository."""
    folder = Path(os.environ.get("CONVSCOPE_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no real data: CONVSCOPE_DATA is not set and there is no shared/data beside the repository")
    return folder


@pytest.fixture
def own_data_folder(monkeypatch, tmp_path):
    """An empty one, not there yet."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def one_browser():
    needs_chromium()
    with chromium() as opened:
        yield opened


@pytest.fixture
def browser(one_browser):
    """A real Chromium, without a page of another test."""
    yield one_browser
    close_pages(one_browser)


@pytest.fixture(scope="module")
def address(one_browser, tmp_path_factory):
    """Of a server with an empty folder of runs."""
    with server(tmp_path_factory.mktemp("browser") / "runs") as address:
        yield address


@pytest.fixture
def no_processes(monkeypatch, tmp_path):
    """For pages: no process is started and nobody's data and runs are seen."""
    monkeypatch.setenv("CONVSCOPE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(LocalExecutor, "warm", lambda *_: None)
    monkeypatch.setattr(LocalExecutor, "submit", lambda *_: None)
