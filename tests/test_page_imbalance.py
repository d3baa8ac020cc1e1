"""The Imbalance page by itself: stories, class counts, remedies with their numbers, and what came of runs."""

import pytest
from streamlit.testing.v1 import AppTest

from backends.executors.local import LocalExecutor
from tests.test_pages import ROOT, ran, words


@pytest.fixture(autouse=True)
def started(monkeypatch, tmp_path):
    """No process is started and nobody's data are seen; the runs that would start."""
    runs = []
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(LocalExecutor, "warm", lambda *_: None)
    monkeypatch.setattr(LocalExecutor, "submit", lambda self, run: runs.append(run))
    return runs


def visit() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    return ran(app.switch_page("pages/lab/imbalance.py").run())


def test_it_opens_with_both_stories_and_their_numbers():
    shown = words(visit())
    assert "547 faces of disgust and 4,953 of anger, 1 to 9.05" in shown and "90.1" in shown
    assert "accuracy of 99.0" in shown and "finds 0.0" in shown
