"""The list of runs: index, notes, finding, trash and what differs only in the seed."""

import json
import sqlite3
import time
from contextlib import closing

import numpy as np
import pytest

from core.experiment.experiment import changed
from core.figures import bands, curves
from core.runs import index, notes, trash
from core.runs.filters import matching, ordered
from core.runs.folder import RunError, all_runs, create, find
from core.runs.grouping import band, families, family, spread
from core.runs.notes import Notes
from tests.support.apps import ended_run
from tests.support.small import small_experiment


def seeds(folder, *numbers, backend="reference", losses=(2.0, 1.0)):
    return [ended_run(backend, list(losses), small_experiment(seed=seed), folder) for seed in numbers]


# --- the index


def test_an_entry_says_what_the_folder_says(tmp_path):
    (run,) = seeds(tmp_path, 7)
    (entry,) = index.listing(tmp_path)
    assert (entry.id, entry.name, entry.seed, entry.data) == (run.id, "small", 7, "digits-16x16")
    assert (entry.state, entry.step, entry.loss, entry.seconds) == ("finished", 2, 1.0, 2.1)
    assert (entry.validation_accuracy, entry.test_accuracy) == (0.75, 0.75)


def test_only_what_has_changed_is_read_again(tmp_path, monkeypatch):
    _first, second = seeds(tmp_path, 1, 2)
    index.listing(tmp_path)
    read = []
    monkeypatch.setattr(index, "entry", lambda run, entry=index.entry: read.append(run.id) or entry(run))
    index.listing(tmp_path)
    assert read == []
    notes.write(second.path, Notes("the good one"))
    assert {entry.name for entry in index.listing(tmp_path)} == {"small", "the good one"}
    assert read == [second.id]


def test_a_run_that_has_not_ended_is_asked_anew_since_its_process_may_have_died(tmp_path):
    run = create(small_experiment(), "reference", folder=tmp_path)
    assert index.listing(tmp_path)[0].state == "waiting"
    run.release()
    assert index.listing(tmp_path)[0].state == "failed"


def test_runs_come_and_go_with_their_folders(tmp_path):
    first, second = seeds(tmp_path, 1, 2)
    assert len(index.listing(tmp_path)) == 2
    trash.delete(first)
    assert [entry.id for entry in index.listing(tmp_path)] == [second.id]
    trash.restore(first.id, tmp_path)
    assert len(index.listing(tmp_path)) == 2


def test_a_folder_that_is_no_run_or_has_a_damaged_one_is_left_out(tmp_path):
    seeds(tmp_path, 1)
    for name, text in (("empty", None), ("words", "hello"), ("list", "[]"), ("number", "1")):
        (tmp_path / name).mkdir()
        if text:
            (tmp_path / name / "run.json").write_text(text)
    broken = seeds(tmp_path, 2)[0]
    (broken.path / "experiment.json").write_text("{}")
    assert len(index.listing(tmp_path)) == 1


@pytest.mark.parametrize("damage", [b"this is no database" * 100, b"", b"SQLite format 3\0" + b"\7" * 5000])
def test_a_damaged_index_is_made_anew(tmp_path, damage):
    seeds(tmp_path, 1, 2)
    index.listing(tmp_path)
    index.forget(tmp_path)
    (tmp_path / index.FILE).write_bytes(damage)
    assert len(index.listing(tmp_path)) == 2
    assert len(index.listing(tmp_path)) == 2


def test_what_another_version_wrote_into_the_index_is_not_believed(tmp_path):
    seeds(tmp_path, 1)
    index.listing(tmp_path)
    with closing(sqlite3.connect(tmp_path / index.FILE)) as old, old:
        old.execute("UPDATE runs SET signature = replace(signature, '1:', '0:'), entry = '{}'")
    assert index.listing(tmp_path)[0].name == "small"


def test_without_a_place_for_the_index_the_list_is_made_all_the_same(tmp_path):
    seeds(tmp_path, 1)
    (tmp_path / index.FILE).mkdir()
    assert len(index.listing(tmp_path)) == 1


def test_no_runs_folder_is_no_runs(tmp_path):
    assert index.listing(tmp_path / "nowhere") == []


def test_a_thousand_runs_are_listed_in_under_a_second(tmp_path, record_property):
    for number in range(1000):
        run = create(small_experiment(seed=number), "reference", folder=tmp_path)
        events = [
            {"event": "started", "time": 1.0, "step": 0, "total_steps": 200, "steps_per_epoch": 200},
            {
                "event": "steps",
                "time": 2.0,
                "step": 200,
                "losses": [1 / step for step in range(1, 201)],
                "seconds": 1.0,
            },
            {"event": "finished", "time": 3.0, "step": 200, "result": {"test": {"loss": 0.1, "accuracy": 0.9}}},
        ]
        events[0]["backend"] = "reference"
        run.events_path.write_text("".join(json.dumps(event) + "\n" for event in events))
        run.release()
    seconds = []
    for _ in range(3):
        begun = time.process_time()  # others may use the machine at the same time
        assert len(index.listing(tmp_path)) == 1000
        seconds.append(time.process_time() - begun)
    print(f"\n1,000 runs: {seconds[0]:.2f} s to build the index, {min(seconds[1:]):.3f} s with it")
    assert min(seconds[1:]) < 1.0
    assert seconds[0] < 10.0


# --- notes


def test_notes_stand_beside_the_run_and_leave_it_as_it_was(tmp_path):
    (run,) = seeds(tmp_path, 1)
    before = (run.path / "run.json").read_bytes()
    notes.write(run.path, Notes("  two\nlines ", " why it failed "))
    assert notes.read(run.path) == Notes("two lines", "why it failed")
    assert (run.path / "run.json").read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": 3}', "[" * 100_000])
def test_damaged_notes_are_none(tmp_path, text):
    (tmp_path / notes.FILE).write_text(text)
    assert notes.read(tmp_path).text == ""


def test_a_name_that_is_too_long_is_refused_with_both_numbers(tmp_path):
    with pytest.raises(RunError, match="at most 200 characters; this one has 201"):
        notes.write(tmp_path, Notes("x" * 201))


# --- finding


def test_runs_are_found_by_words_backend_data_and_state(tmp_path):
    first, second = seeds(tmp_path, 1)[0], seeds(tmp_path, 7654321, backend="pytorch")[0]
    notes.write(first.path, Notes("Große Rate", "diverges at once"))
    entries = index.listing(tmp_path)

    def found(**wanted):
        return [entry.id for entry in matching(entries, **wanted)]

    assert found(words="GROSSE diverges") == found(backends=["reference"]) == [first.id]
    assert found(words="seed 7654321") == [second.id]
    assert found(words="diverges pytorch") == found(data=["mnist"]) == found(states=["failed"]) == []
    assert len(found()) == len(found(data=["digits-16x16"], states=["finished"])) == 2


def test_runs_without_the_number_that_orders_them_come_last(tmp_path):
    low, high = seeds(tmp_path, 1, losses=[1.0])[0], seeds(tmp_path, 2, losses=[5.0])[0]
    none = create(small_experiment(), "reference", folder=tmp_path)
    entries = index.listing(tmp_path)
    assert [entry.id for entry in ordered(entries, "lowest loss first")] == [low.id, high.id, none.id]
    assert [entry.id for entry in ordered(entries, "best test accuracy first")][-1] == none.id
    assert [entry.id for entry in ordered(entries, "oldest first")] == [low.id, high.id, none.id]


# --- trash


def test_a_deleted_run_is_in_the_trash_and_comes_back_whole(tmp_path):
    (run,) = seeds(tmp_path, 1)
    before = {path.name: path.read_bytes() for path in run.path.iterdir() if path.is_file()}
    trash.delete(run)
    assert all_runs(tmp_path) == []
    assert trash.deleted(tmp_path) == [run.id]
    trash.restore(run.id, tmp_path)
    assert {path.name: path.read_bytes() for path in find(run.id, tmp_path).path.iterdir() if path.is_file()} == before
    assert trash.deleted(tmp_path) == []


def test_a_run_that_has_not_ended_is_not_deleted(tmp_path):
    run = create(small_experiment(), "reference", folder=tmp_path)
    with pytest.raises(RunError, match="is waiting; stop it first"):
        trash.delete(run)
    assert run.path.is_dir()


def test_undoing_overwrites_nothing_and_finds_only_what_is_in_the_trash(tmp_path):
    (run,) = seeds(tmp_path, 1)
    trash.delete(run)
    run.path.mkdir()
    with pytest.raises(RunError, match="there is already a run"):
        trash.restore(run.id, tmp_path)
    for name in ("nothing", "../other", ""):
        with pytest.raises(RunError, match="not in the trash"):
            trash.restore(name, tmp_path)


def test_an_emptied_trash_is_empty(tmp_path):
    (run,) = seeds(tmp_path, 1)
    trash.delete(run)
    trash.empty(tmp_path)
    assert trash.deleted(tmp_path) == []


# --- everything but the seed


def test_the_family_of_an_experiment_is_everything_but_its_seed():
    assert family(small_experiment(seed=1)) == family(small_experiment(seed=2))
    assert family(small_experiment(seed=1)) != family(changed(small_experiment(seed=1), **{"training.epochs": 9}))


def test_runs_are_put_together_by_family_backend_and_device(tmp_path):
    ours = seeds(tmp_path, 3, 1, 2)
    theirs = seeds(tmp_path, 1, backend="pytorch")
    result = families(ours + theirs)
    assert [[run.experiment.seed for run in those] for those in result.values()] == [[1, 2, 3], [1]]
    assert [backend for _, backend, _ in result] == ["reference", "pytorch"]


def test_a_band_is_mean_lowest_and_highest_where_all_curves_are():
    result = band([(np.array([1, 2, 3]), np.array([4.0, 2.0, 1.0])), (np.array([1, 2]), np.array([2.0, 3.0]))])
    assert result.x.tolist() == [1, 2]
    assert result.count == 2
    assert (result.mean.tolist(), result.low.tolist(), result.high.tolist()) == ([3.0, 2.5], [2.0, 2.0], [4.0, 3.0])


def test_the_spread_of_results_has_the_sample_standard_deviation():
    result = spread([0.9, 0.8, 0.7])
    assert (result.mean, result.low, result.high, result.count) == (pytest.approx(0.8), 0.7, 0.9, 3)
    assert result.deviation == pytest.approx(0.1)
    assert spread([0.5]).deviation is None


def test_a_band_is_drawn_as_two_edges_and_a_mean():
    result = band([(np.arange(1, 4), np.array([3.0, 2.0, 1.0])), (np.arange(1, 4), np.array([5.0, 2.0, 3.0]))])
    line = bands.BandLine("a", "#8B5CF6", "solid", result)
    low, high, mean = bands.losses([line]).data
    assert (list(low.y), list(high.y), list(mean.y)) == ([3, 2, 1], [5, 2, 3], [4, 2, 2])
    assert high.fill == "tonexty"
    assert mean.name == "a"
    assert bands.accuracies([line]).layout.yaxis.tickformat == ".0%"


def test_the_folder_of_a_run_is_found_by_its_entry(tmp_path):
    seeds(tmp_path, 1, 2)
    for entry in index.listing(tmp_path):
        run = find(entry.id, tmp_path)
        assert run.path == tmp_path / entry.id
        assert run.experiment.seed == entry.seed
    assert {entry.seed for entry in index.listing(tmp_path)} == {1, 2}


def test_lines_of_one_backend_are_told_apart_by_marks():
    assert curves.marks([("red", "dash"), ("blue", "dash"), ("red", "dash"), ("red", "dash")]) == [
        {},
        {},
        {"symbol": "circle", "maxdisplayed": 12},
        {"symbol": "square", "maxdisplayed": 12},
    ]
