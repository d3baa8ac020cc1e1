"""Server time for opening a lesson: `python -m benchmarks.lessons [l06 ...]`. Each lesson is opened in new sessions of
a warm server, in turn. For comparison: an empty page plus the lesson's widgets, without and with its questions."""

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
    parser.add_argument("lesson", nargs="*", help="which lessons (default: all)")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CONVSCOPE_RUNS": folder, "CONVSCOPE_DATA": folder}
        setattr(LocalExecutor, "warm", lambda *_: None)  # noqa: B010 - reading needs no backend
        compiled = ScriptCache()
        setattr(local_script_runner, "ScriptCache", lambda: compiled)  # noqa: B010 - as a server shares one
        print(
            "milliseconds of the server's time, medians          lesson  empty + widgets   ratio  and questions   ratio"
        )
        for name in options.lesson or library.lessons():
            whole, alone, asking = opened(name, options.rounds)
            print(
                f"  {name:<44}{whole:12.1f} {alone:16.1f} {whole / alone:7.2f} {asking:14.1f} {whole / asking:7.2f}",
                flush=True,
            )


def opened(name: str, rounds: int) -> tuple[float, float, float]:
    """Milliseconds for (the lesson, an empty page plus its widgets, the same plus its questions)."""
    result = [(_visit("pages/learn/lesson.py", name), _visit("pages/home.py", None)) for _ in range(rounds + 1)][1:]
    whole = [lesson.script for lesson, _ in result]
    alone = [home.script + lesson.widgets for lesson, home in result]
    asking = [home.script + lesson.widgets + lesson.questions for lesson, home in result]
    return median(whole), median(alone), median(asking)


class _Clock:
    """Milliseconds spent in one run of a script, in its widgets and in its questions."""

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
