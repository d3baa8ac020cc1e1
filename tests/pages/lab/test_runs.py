"""The Runs page by itself: the list, what can be done with what is ticked in it, and experiments in links."""

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import links, presets
from core.experiment.experiment import changed
from core.runs import export, notes, trash
from core.runs.folder import all_runs, create, find
from core.runs.notes import Notes
from pages.parts.session.state import first_experiment
from pages.ui.formatting import plain
from tests.support.apps import ROOT, begins, cards, ended_run, errors, ran, words
from tests.support.small import small_experiment


pytestmark = pytest.mark.usefixtures("no_processes")


def visit() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    return ran(app.switch_page("pages/lab/runs.py").run())


def names(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["name"])


def tick(app: AppTest, *rows: int) -> AppTest:
    """As the mouse does in the first column."""
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return ran(app.run())


def titles(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def titled(title: str, backend: str = "reference", losses=(2.0, 1.0), seed: int = 1):
    return ended_run(backend, list(losses), changed(first_experiment(), title=title, seed=seed))


def test_without_runs_it_says_where_to_make_some():
    assert "There are no runs yet" in words(visit())


def test_runs_are_listed_newest_first_and_found_by_words():
    titled("first"), titled("second", "pytorch")
    app = visit()
    assert names(app) == ["second", "first"]
    assert "**2** runs" in words(app)
    ran(app.text_input(key="runs-words").set_value("FIRST numpy").run())
    assert "No run matches" in words(app)
    ran(app.text_input(key="runs-words").set_value("FIRST reference").run())
    assert names(app) == ["first"]
    assert "**1** of 2 runs" in words(app)
    ran(app.text_input(key="runs-words").set_value("").run())
    ran(app.multiselect(key="runs-backend").select("pytorch").run())
    assert names(app) == ["second"]
    ran(app.multiselect(key="runs-backend").set_value([]).run())
    ran(app.selectbox(key="runs-order").select("by name").run())
    assert names(app) == ["first", "second"]


def test_a_name_and_a_note_stand_in_the_list_and_not_in_the_run():
    run = titled("plain")
    app = tick(visit(), 0)
    app.text_input(key=f"name-{run.id}").set_value("the good one")
    app.text_area(key=f"note-{run.id}").set_value("rate 0.1")
    ran(next(button for button in app.button if button.label == "Save name and note").click().run())
    assert names(app) == ["the good one"]
    assert list(app.dataframe[0].value["note"]) == ["rate 0.1"]
    assert titles(app)[0] == "the good one"
    assert notes.read(run.path) == Notes("the good one", "rate 0.1")
    assert find(run.id).experiment.title == "plain"


def test_a_given_name_is_known_in_compare_too():
    run = titled("plain")
    notes.write(run.path, Notes("the good one"))
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = ran(app.switch_page("pages/lab/compare.py").run())
    assert "the good one" in app.multiselect[0].options[0]


def test_what_somebody_typed_is_no_markdown():
    assert plain("a **b** ![x](http://x) 1:2") == r"a \*\*b\*\* \!\[x\]\(http\:\/\/x\) 1\:2"
    run = titled("plain")
    notes.write(run.path, Notes("# ![x](http://example.org/x.png)"))
    assert titles(tick(visit(), 0))[0] == r"\# \!\[x\]\(http\:\/\/example\.org\/x\.png\)"


def test_what_is_ticked_stays_ticked_when_the_list_changes():
    titled("first"), titled("second")
    app = tick(visit(), 1)
    assert titles(app)[0] == "first"
    titled("third")
    assert titles(ran(app.run()))[0] == "first"
    assert len(names(app)) == 3


def test_a_deleted_run_is_undone():
    run = titled("gone")
    app = tick(visit(), 0)
    ran(app.button(key="delete").click().run())
    assert "There are no runs yet" in words(app)
    assert trash.deleted() == [run.id]
    ran(app.button(key="undo-delete").click().run())
    assert names(app) == ["gone"]
    assert trash.deleted() == []
    assert "undo-delete" not in [b.key for b in app.button]


def test_a_run_is_brought_back_from_the_trash_later_or_thrown_away():
    run, other = titled("gone"), titled("other")
    trash.delete(run), trash.delete(other)
    app = visit()
    app.multiselect(key="trash").select(run.id).run()
    ran(app.button(key="restore").click().run())
    assert names(app) == ["gone"]
    ran(app.button(key="empty").click().run())
    assert trash.deleted() == []
    assert names(app) == ["gone"]


def test_a_run_that_has_not_ended_is_not_deleted():
    run = create(first_experiment(), "reference")
    app = tick(visit(), 0)
    ran(app.button(key="delete").click().run())
    assert "is waiting; stop it first" in errors(app)
    assert find(run.id)


def test_runs_that_differ_in_their_seed_become_a_mean_with_a_band():
    for seed, backend, losses in (
        (1, "reference", [2.0, 1.0]),
        (2, "reference", [4.0, 2.0]),
        (1, "pytorch", [2.0, 1.0]),
    ):
        titled("x", backend, losses, seed)
    app = tick(visit(), 0, 1, 2)
    points = next(table.value for table in app.dataframe if "lowest" in table.value)
    assert [list(row) for row in points.values] == [
        ["NumPy reference, 2 seeds", 1, 3.0, 2.0, 4.0],
        ["NumPy reference, 2 seeds", 2, 1.5, 1.0, 2.0],
        ["PyTorch, 1 seed", 1, 2.0, 2.0, 2.0],
        ["PyTorch, 1 seed", 2, 1.0, 1.0, 1.0],
    ]
    assert "75.0 % ± 0.0 % (75.0 % to 75.0 %)" in str(app.table[0].value)
    assert "Only the backend" in words(app)
    ran(app.toggle(key="by-seed").set_value(False).run())
    assert "`seed`" in str(app.table[-1].value)


def test_only_the_fields_that_differ_stand_side_by_side():
    ended_run("reference", [2.0], small_experiment())
    ended_run("reference", [2.0], changed(small_experiment(), **{"training.optimizer.learning_rate": 0.5}))
    app = tick(visit(), 0, 1)
    assert list(app.table[-1].value["field"]) == ["`training.optimizer.learning_rate`"]
    assert {"0.5", "0.01"} <= set(app.table[-1].value.iloc[0])


def test_a_run_without_a_step_can_be_looked_at():
    create(first_experiment(), "reference").release()
    assert "no training step has been completed" in words(tick(visit(), 0))


def test_an_imported_run_is_in_the_list_and_ticked(tmp_path):
    run = ended_run("reference", [2.0, 1.0], small_experiment(), tmp_path / "elsewhere")
    app = visit()
    app.file_uploader(key="import-file").upload("runs.zip", export.archive([run]))
    ran(next(button for button in app.button if button.label == "Import").click().run())
    assert names(app) == ["small"]
    assert titles(app)[0] == "small"
    app.file_uploader(key="import-file").upload("runs.zip", b"no zip")
    ran(next(button for button in app.button if button.label == "Import").click().run())
    assert "runs.zip could not be imported: This is not a zip that can be read" in errors(app)
    assert len(all_runs()) == 1


def test_a_run_of_an_unknown_backend_on_unknown_data_is_shown():
    ended_run("jax", [2.0, 1.0], changed(small_experiment(), **{"data.name": "moons"}))
    assert names(tick(visit(), 0)) == ["small"]


# --- links


def opened(word: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.query_params["experiment"] = word
    return ran(app.switch_page("pages/lab/build.py").run())


def test_an_experiment_in_a_link_is_opened_in_build_once():
    app = opened(links.to_word(presets.experiment("lenet-theano", "digits")))
    assert cards(app)[:3] == ["conv1", "pool1", "act1"]
    assert "Loaded from the link" in app.success[0].value
    ran(app.button(key="add-pool").click().run())
    assert not app.success
    assert cards(app).count("pool3") == 1


@pytest.mark.parametrize(
    "word, said",
    [
        ("", "could not be opened: the link is"),
        ("hello!", "the link is damaged"),
        (links.to_word(first_experiment())[:-9], "the link is"),
        (links.to_word(changed(first_experiment(), **{"data.name": "moons"})), "moons"),
    ],
)
def test_a_broken_link_gets_a_sentence_and_the_draft_stays(word, said):
    app = opened(word)
    assert said in errors(app)
    assert cards(app) == ["conv1", "act1", "flatten1", "dense1"]


def test_a_run_opens_in_build():
    run = ended_run("reference", [2.0, 1.0], presets.experiment("lenet-theano", "digits"))
    app = tick(visit(), 0)
    ran(app.button(key=f"build-{run.id}").click().run())
    assert app.title[0].value == "Build"
    assert cards(app)[:3] == ["conv1", "pool1", "act1"]


def test_a_run_is_shown_in_train():
    run = ended_run("reference", [2.0, 1.0], group="mine")
    ended_run("pytorch", [2.0, 1.0], group="newer")
    app = tick(visit(), 1)
    ran(app.button(key=f"train-{run.id}").click().run())
    assert app.title[0].value == "Train"
    assert app.selectbox(key=begins(app, "group-mine", "selectbox")).value == "mine"
