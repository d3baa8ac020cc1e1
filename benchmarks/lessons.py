"""What opening a lesson costs the server: `python -m benchmarks.lessons [l06 ...]`. Each is opened in new sessions of a
warm server, in turn; beside it the cost of an empty page plus that of the lesson's widgets alone, without its questions
and with them."""

import argparse
import contextlib
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, local_script_runner

from backends.executors.local import LocalExecutor
from pages import widgets
from pages.learn import library, questions


ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lessons", description=__doc__)
    parser.add_argument("lesson", nargs="*", help="which (default: all)")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as position:
        os.environ |= {"CONVSCOPE_RUNS": position, "CONVSCOPE_DATA": position}
        LocalExecutor.warm = lambda *_: None  # no backend is needed to read
        compiled = ScriptCache()
        local_script_runner.ScriptCache = lambda: compiled  # a server has one for all its sessions
        print(
            "milliseconds of the server's time, medians          lesson  empty + widgets   ratio  and questions   ratio"
        )
        for name in asked.lesson or library.lessons():
            whole, alone, asking = opened(name, asked.rounds)
            print(
                f"  {name:<44}{whole:12.1f} {alone:16.1f} {whole / alone:7.2f} {asking:14.1f} {whole / asking:7.2f}",
                flush=True,
            )


def opened(name: str, rounds: int) -> tuple[float, float, float]:
    """(the lesson, an empty page plus the lesson's widgets, these plus its questions), in milliseconds."""
    result = [(_visit("pages/learn/lesson.py", name), _visit("pages/home.py", None)) for _ in range(rounds + 1)][1:]
    whole = [lesson.script for lesson, _ in result]
    alone = [home.script + lesson.widgets for lesson, home in result]
    asking = [home.script + lesson.widgets + lesson.questions for lesson, home in result]
    return median(whole), median(alone), median(asking)


class _Clock:
    """Milliseconds of one run of a script, and of the widgets and questions in it."""

    script = widgets = questions = 0.0


def _visit(page: str, lesson: str | None) -> _Clock:
    clock = _Clock()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    if lesson:
        app.query_params["lesson"] = lesson
    app.switch_page(page)
    with (
        _timed(ScriptRunner, "_run_script", clock, "script"),
        _timed(widgets, "show", clock, "widgets"),
        _timed(questions, "quiz", clock, "questions"),
        _timed(questions, "predict", clock, "questions"),
    ):
        app.run()
    assert not app.exception, app.exception
    return clock


@contextlib.contextmanager
def _timed(owner, name: str, clock: _Clock, field: str):
    function = getattr(owner, name)

    def timed(*args, **kwargs):
        begun = time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            setattr(clock, field, getattr(clock, field) + 1000 * (time.thread_time() - begun))

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, function)


if __name__ == "__main__":
    main()
