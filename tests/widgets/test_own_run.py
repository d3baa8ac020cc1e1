"""The link from a lesson's recording to the same view of one's own run."""

import re
import tomllib

import pytest

import backends
from backends.executors.inline import InlineExecutor
from core.experiment.experiment import changed
from core.lessons.lesson import Ask
from pages.learn.library import CONTENT
from pages.recorded.shipped import shipped
from pages.ui.translations import words_in
from pages.widgets import WidgetError, names, read
from pages.widgets.explain import own_run
from pages.widgets.explain.own_run import Options, newest_run
from tests.support.lessons import LESSONS, answer, visit
from tests.support.small import small_experiment


BLOCK = re.compile(r"```\{own_run\}\n(.*?)```", re.DOTALL)


def links(app):
    return [link.proto for link in app.get("page_link")]


def test_without_a_run_it_opens_a_shipped_network():
    app = visit("en/l02")
    [link] = [link for link in links(app) if link.label == "Look inside it →"]
    assert (link.page, link.query_string) == ("explore", "run=mnist-dense&view=inside")
    assert any("comes with ConvScope" in text.value for text in app.markdown)
    assert newest_run() is None


def test_the_newest_run_that_has_ended_with_weights_is_ones_own(tmp_path):
    executor = InlineExecutor(backends.load("reference"))
    first = executor.start(small_experiment(epochs=1), "reference")
    run = executor.start(changed(small_experiment(epochs=1), title="Tom & Ada_s *net*"), "reference")
    failed = executor.start(changed(first.experiment, **{"data.name": "no-such-data"}), "reference")
    assert failed.status().state == "failed"
    assert newest_run().id == run.id
    app = visit("en/l20")
    [predicted] = [ask for ask in LESSONS["en/l20"].parts if isinstance(ask, Ask) and ask.id == "few"]
    answer(app, LESSONS["en/l20"], predicted)
    [link] = [link for link in links(app) if link.label == "Reuse its features →"]
    assert (link.page, link.query_string) == ("transfer", f"run={run.id}")
    assert any(r"Tom \& Ada\_s \*net\*" in text.value for text in app.markdown)


@pytest.mark.parametrize(
    "lesson, views",
    {
        "l02": ["inside"],
        "l11": ["network"],
        "l14": ["inside"],
        "l16": ["inside", "why"],
        "l17": ["break"],
        "l20": ["transfer"],
    }.items(),
)
def test_lessons_with_a_recorded_network_have_it(lesson, views):
    text = (CONTENT / "en" / f"{lesson}.md").read_text(encoding="utf-8")
    assert [tomllib.loads(block)["view"] for block in BLOCK.findall(text)] == views


def test_the_shipped_networks_it_may_open_are_there():
    assert set(Options.model_fields["shipped"].annotation.__args__) == set(shipped())
    assert "own_run" in names()
    with pytest.raises(WidgetError, match="own_run does not take these options"):
        read("own_run", {"view": "dream"})


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_view_has_its_words(language):
    assert set(Options.model_fields["view"].annotation.__args__) <= set(words_in(own_run.__file__, language))
