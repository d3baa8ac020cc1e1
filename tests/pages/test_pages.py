"""Every page by itself, without a browser: it opens, and a first training begins with one click."""

import json
import subprocess
import sys

import pytest

import backends
from tests.support.apps import PAGES, ROOT, errors, ran, visit


pytestmark = pytest.mark.usefixtures("no_processes")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_a_fresh_start(name):
    titles = {"home": "ConvScope", "lesson": "How a lesson works"}
    assert visit(name).title[0].value == titles.get(name, name.capitalize())


def test_no_framework_enters_the_process_that_serves_the_pages(tmp_path):
    script = f"""
import os, sys
os.environ["CONVSCOPE_RUNS"] = {str(tmp_path)!r}
from backends.executors.local import LocalExecutor
LocalExecutor.warm = lambda *_: None
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
for page in {list(PAGES.values())!r}:
    assert not app.switch_page(page).run().exception
import serve
print(sorted({{"torch", "tensorflow", "keras"}} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert result.stdout.strip().endswith("[]"), result.stdout + result.stderr[-2000:]


def test_one_click_on_home_starts_a_run_on_every_backend(tmp_path):
    app = visit("home")
    ran(app.button(key="first").click().run())
    assert app.title[0].value == "Train"
    made = [json.loads(path.read_text())["backend"] for path in (tmp_path / "runs").glob("*/run.json")]
    assert sorted(made) == sorted(name for name in backends.names() if backends.missing(name) is None)


def test_runs_that_cannot_be_made_are_said_on_train_until_the_next_start(tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    app = visit("home")
    ran(app.button(key="first").click().run())
    assert app.title[0].value == "Train"
    assert "did not start: cannot write the run to" in errors(app)
    (tmp_path / "runs").unlink()
    ran(app.button(key="start").click().run())
    assert "did not start" not in errors(app)
