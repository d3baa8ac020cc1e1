"""Pages without a browser: opening one, reading what it shows, and runs for it to find."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.runs.events import EventWriter
from core.runs.folder import create
from pages.parts.session.state import first_experiment


ROOT = Path(__file__).parents[2]
HUGE = {"kind": "conv2d", "filters": 2, "kernel_size": 3, "padding": 999_999}
PAGES = {
    "home": "pages/home.py",
    "lessons": "pages/learn/contents.py",
    "lesson": "pages/learn/lesson.py",
    **{
        name: f"pages/lab/{name}.py"
        for name in ("data", "build", "train", "explore", "compare", "evaluate", "imbalance", "transfer", "runs")
    },
}


def visit(name: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = app.switch_page(PAGES[name]).run()
    return ran(app)


def ran(app: AppTest) -> AppTest:
    assert not app.exception, [error.value for error in app.exception]
    return app


def unfolded(app: AppTest, key: str) -> AppTest:
    """The page with an expander open whose content is created only when it opens."""
    app.session_state[key] = True
    return ran(app.run())


def words(app: AppTest) -> str:
    return "\n".join(
        str(element.value) for kind in ("markdown", "error", "warning", "info") for element in getattr(app, kind)
    )


def errors(app: AppTest) -> str:
    return "\n".join(error.value for error in app.error)


def ended_run(backend: str, losses: list[float], experiment=None, folder=None, group="g", **ending):
    """A run folder as a host leaves it."""
    run = create(experiment or first_experiment(), backend, group=group, folder=folder)
    with EventWriter(run.events_path) as events:
        events.write(
            "started",
            step=0,
            total_steps=len(losses),
            steps_per_epoch=len(losses),
            backend=backend,
            device="cpu",
            version="1",
        )
        events.write("steps", step=len(losses), losses=losses, seconds=2.0)
        events.write("epoch", epoch=1, step=len(losses), validation={"loss": 1.0, "accuracy": 0.75}, seconds=0.1)
        events.write(
            "finished",
            step=len(losses),
            result={part: {"loss": 1.0, "accuracy": 0.75} for part in ("train", "validation", "test")},
            **ending,
        )
    run.release()
    return run


def begins(app: AppTest, start: str, kind: str) -> str:
    """The key of a widget whose key ends in a ticket."""
    return next(element.key for element in getattr(app, kind) if element.key and element.key.startswith(start))


def cards(app: AppTest) -> list[str]:
    """The names of the layers from top to bottom."""
    return [
        text.value.split("**")[1] for text in app.markdown if text.value.startswith("**") and ":small[" in text.value
    ]


def key_of(app: AppTest, end: str, kind: str = "button", nth: int = 0) -> str:
    return [element.key for element in getattr(app, kind) if element.key and element.key.endswith(end)][nth]


def mend(app: AppTest, label: str):
    """The button of a repair."""
    return next(button for button in app.button if button.label == label)
