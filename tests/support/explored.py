"""A view of the page Explore on its own, on a run that is trained in this process."""

import base64

import numpy as np
from streamlit.testing.v1 import AppTest

import backends
from core.runs.folder import Run, create
from core.runs.trainer import record
from tests.support.apps import ran
from tests.support.small import small_experiment


def trained_run(folder=None, experiment=None) -> Run:
    run = create(experiment or small_experiment(epochs=4), "reference", group="g", folder=folder)
    record(run, backends.load("reference"), "reference", "cpu", lambda: "")
    run.release()
    return run


def view(name: str, run: Run, **query: str) -> AppTest:
    """The view `name`_view of a run."""

    def page(name: str, path: str) -> None:
        import importlib
        from pathlib import Path

        from core.runs.folder import Run
        from pages.parts.explore.subject import Subject

        importlib.import_module(f"pages.parts.explore.{name}_view").show(Subject(Run(Path(path))))

    app = AppTest.from_function(page, default_timeout=60, args=(name, str(run.path)))
    app.query_params.update(query)
    return ran(app.run())


def draw(app: AppTest, run: Run, image: np.ndarray) -> AppTest:
    """As the browser sends a drawing (C, H, W) uint8 to the view Draw and show."""
    shape = "x".join(map(str, image.shape))
    app.session_state[f"draw-{run.id}-pad-{shape}-kept"] = base64.b64encode(image.tobytes()).decode()
    return ran(app.run())


SCRIPT = "from tests.support.explored import page\n\npage()\n"


def page() -> None:
    """A page of the browser tests: ?run=ID&view=NAME, with the run's id or the name of a shipped network."""
    import importlib

    import streamlit as st

    from core.runs.folder import find
    from pages.parts.explore.subject import Subject
    from pages.recorded.shipped import shipped

    st.set_page_config(layout="wide")
    st.title("Explore")
    name = st.query_params["run"]
    run = shipped()[name] if name in shipped() else find(name)
    importlib.import_module(f"pages.parts.explore.{st.query_params['view']}_view").show(Subject(run))
