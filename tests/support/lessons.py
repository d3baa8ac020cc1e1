"""All lessons, the right answers as a student would type them, and lesson pages without a browser."""

import numpy as np
from streamlit.testing.v1 import AppTest

from core.lessons.lesson import Ask, Lesson, read
from core.lessons.quiz import Choice, Several, solution
from pages.learn.library import CONTENT
from tests.support.apps import ROOT


FILES = sorted(CONTENT.rglob("*.md"))
LESSONS = {f"{path.parent.name}/{path.stem}": read(path) for path in FILES}


def typed(value) -> str:
    """A number as a student would type it, with all digits."""
    written = [repr(int(number) if float(number).is_integer() else float(number)) for number in np.ravel(value)]
    return ", ".join(written)


def visit(name: str, **parameters) -> AppTest:
    language, id_ = name.split("/")
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = app.switch_page("pages/learn/lesson.py")
    app.query_params.update({"lesson": id_, "lang": language, **parameters})
    app = app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def answer(app: AppTest, lesson: Lesson, ask: Ask) -> None:
    key, question = f"{lesson.id}-{ask.id}", ask.question
    if isinstance(question, Choice):
        app.radio(f"{key}-field").set_value(next(k for k, option in enumerate(question.option) if option.right))
    elif isinstance(question, Several):
        for index, option in enumerate(question.option):
            if option.right:
                app.checkbox(f"{key}-field-{index}").check()
    else:
        app.text_input(f"{key}-field").set_value(typed(solution(question, lesson.names)))
    app.button(f"{key}-check").click().run()
