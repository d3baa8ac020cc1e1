"""Starting a run: one call creates its folder and hands it to the executor."""

import pytest

import backends
from backends.executors.inline import InlineExecutor
from backends.executors.local import LocalExecutor
from core.backend import BackendError
from core.runs import folder
from core.runs.folder import RunError
from tests.support.small import small_experiment


@pytest.fixture
def reference():
    return backends.load("reference")


def test_a_run_started_in_this_process_has_ended_when_start_returns(reference, tmp_path):
    begun, events = [], []
    executor = InlineExecutor(reference, lambda run: begun.append(run.status().state), events.append)
    run = executor.start(small_experiment(epochs=1), "reference", group="g", folder=tmp_path / "others")
    assert begun == ["waiting"]
    assert events == run.events()
    assert run.path.parent == tmp_path / "others"
    assert run.group == "g"
    assert run.device == "cpu"
    assert events[-1]["event"] == "finished"
    assert run.status().state == "finished"


def test_a_run_stopped_in_this_process_continues_from_its_last_step(reference):
    run = InlineExecutor(reference, leave=lambda: "enough").start(small_experiment(epochs=1), "reference")
    assert run.status().state == "stopped"
    assert run.status().reason == "enough"
    InlineExecutor(reference).resume(run)
    assert run.status().state == "finished"
    assert len(run.curve()[1]) == run.status().total_steps


def test_a_run_that_cannot_be_trained_is_marked_as_failed_with_the_reason(monkeypatch):
    monkeypatch.setattr(backends, "missing", lambda name: "torch is not installed")
    with pytest.raises(BackendError, match="torch is not installed"):
        LocalExecutor().start(small_experiment(), "pytorch")
    (run,) = folder.all_runs()
    assert run.status().state == "failed"
    assert run.status().reason == "torch is not installed"


def test_a_run_whose_folder_cannot_be_written_is_not_started(reference, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write the run to"):
        InlineExecutor(reference).start(small_experiment(), "reference", folder=tmp_path / "file")
    assert folder.all_runs() == []
