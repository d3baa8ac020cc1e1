"""Hosts: real processes that train real runs, are paused, stopped or killed, or lose their parent."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from backends.executors.local import LocalExecutor
from backends.host import Host
from core.experiment.experiment import changed
from core.runs import folder
from core.runs.folder import RunError
from tests.support.small import small_experiment
from tests.support.waiting import until


ROOT = Path(__file__).resolve().parents[2]


def ended(run):
    until(lambda: run.status().ended, f"run {run.id} to end")
    return run.status()


@pytest.fixture
def starts(monkeypatch):
    """The names of the hosts whose process was started, in order."""
    names, start = [], Host._start
    monkeypatch.setattr(Host, "_start", lambda host: names.append(host.name) or start(host))
    return names


@pytest.fixture
def executor(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CONVSCOPE_SNAPSHOT_SECONDS", "0.05")
    made = LocalExecutor()
    yield made
    made.close()


def submitted(executor, experiment, backend="reference"):
    return executor.start(experiment, backend)


def long_experiment(**training):
    return small_experiment(epochs=1000, **training)


def test_a_run_is_trained_to_its_end_with_all_three_parts_measured(executor):
    run = submitted(executor, small_experiment())
    status = ended(run)
    assert status.state == "finished"
    assert status.step == status.total_steps == 14
    for part in ("train", "validation", "test"):
        assert set(status.result[part]) == {"loss", "accuracy"}
    assert run.events()[-1]["event"] == "finished"


def test_runs_of_one_backend_wait_in_line_and_all_get_their_turn(executor):
    runs = [submitted(executor, small_experiment(seed=seed)) for seed in range(3)]
    assert [ended(run).state for run in runs] == ["finished"] * 3
    until(lambda: executor.hosts()["reference"].state == "ready", "the host to be free again")


def test_a_run_can_be_paused_and_goes_on_to_the_same_end(executor):
    experiment = small_experiment(epochs=30)
    unbroken = submitted(executor, experiment)
    ended(unbroken)
    run = submitted(executor, experiment)
    until(lambda: run.status().step > 5)
    run.ask("pause")
    until(lambda: run.status().state == "paused")
    at = run.status().step
    run.ask("resume")
    assert ended(run).state == "finished"
    assert run.status().step > at
    assert_same_weights(run, unbroken)


def test_a_stopped_run_keeps_its_last_step_and_can_be_resumed(executor):
    run = submitted(executor, long_experiment())
    until(lambda: run.status().step > 20)
    run.ask("stop")
    status = ended(run)
    assert status.state == "stopped"
    assert status.reason == "you stopped it"
    assert run.snapshot().step == status.step
    executor.resume(run)
    until(lambda: run.status().step > status.step and run.status().state == "running")
    run.ask("stop")
    ended(run)


def test_a_run_begun_in_one_backend_goes_on_in_another(executor):
    experiment = small_experiment(epochs=15, normalised=True)
    unbroken = submitted(executor, experiment)
    ended(unbroken)
    run = submitted(executor, experiment)
    until(lambda: run.status().step > 10)
    run.ask("stop")
    assert ended(run).state == "stopped"
    executor.resume(run, backend="pytorch")
    made = run.status().step
    until(lambda: run.status().step > made or run.status().ended)
    run.ask("stop")
    ended(run)
    if run.can_resume:  # it may have finished before the stop request
        executor.resume(run)
        assert ended(run).state == "finished"
    assert set(run.reading.backends[1:]) == {"pytorch"}
    assert_same_weights(run, unbroken, 1e-9)
    ours, theirs = run.snapshot().statistics, unbroken.snapshot().statistics
    assert set(theirs) == {"norm1.running_mean", "norm1.running_variance"}
    assert all(np.allclose(ours[name], theirs[name], rtol=1e-9, atol=1e-12) for name in theirs)


def test_a_running_or_finished_run_is_not_resumed(executor):
    run = submitted(executor, small_experiment())
    ended(run)
    with pytest.raises(RunError, match="is finished; only a stopped or failed run can be resumed"):
        executor.resume(run)


def test_a_failure_is_told_in_words_and_the_host_lives_on(executor):
    run = submitted(executor, changed(small_experiment(), **{"data.name": "digits"}))
    status = ended(run)
    assert status.state == "failed"
    assert "(1, 28, 28)" in status.reason
    assert ended(submitted(executor, small_experiment())).state == "finished"


def test_an_unknown_device_is_a_sentence_with_the_known_ones(executor):
    run = executor.start(small_experiment(), "reference", device="cuda:7")
    status = ended(run)
    assert status.state == "failed"
    assert "cuda:7" in status.reason
    assert "cpu" in status.reason.lower()


@pytest.mark.parametrize(
    "backend, times",
    [("reference", 2), *[pytest.param(b, 10, marks=pytest.mark.slow) for b in ("reference", "pytorch")]],
)
def test_a_host_killed_at_random_again_and_again_still_ends_where_an_unbroken_run_does(executor, backend, times):
    experiment = small_experiment(epochs=60, train=400, batch_size=20)
    unbroken = submitted(executor, experiment, backend)
    ended(unbroken)
    run, rng = submitted(executor, experiment, backend), random.Random(7)
    for _ in range(times):
        before = run.snapshot().step if run.snapshot() else 0
        until(lambda: run.status().state == "running" or run.status().ended)
        target = before + rng.randrange(0, 150)
        until(lambda target=target: run.status().step >= target or run.status().ended)
        os.kill(executor.host_pid(backend), signal.SIGKILL)
        until(lambda: run.status().ended and run.events()[-1]["event"] in ("failed", "finished"))
        if run.status().state == "finished":
            break
        assert run.status().state == "failed"
        assert "ended unexpectedly" in run.status().reason
        executor.resume(run)
    assert ended(run).state == "finished"
    assert_same_weights(run, unbroken, 1e-10)
    assert np.allclose(run.curve()[1], unbroken.curve()[1], rtol=0, atol=1e-10)


def test_a_host_that_dies_while_starting_fails_the_run_that_waits_for_it(executor):
    run = submitted(executor, small_experiment())
    os.kill(executor.host_pid("reference"), signal.SIGKILL)
    status = ended(run)
    assert status.state == "failed"
    assert "could not be started" in status.reason
    executor.resume(run)
    assert ended(run).state == "finished"


def test_a_host_that_dies_again_and_again_takes_only_one_run_with_it_each_time(executor, starts):
    runs = [submitted(executor, long_experiment(seed=seed)) for seed in range(3)]
    for run in runs:
        until(lambda run=run: run.status().state == "running", f"run {run.id} to get its turn")
        os.kill(executor.host_pid("reference"), signal.SIGKILL)
        assert ended(run).state == "failed"
        until(lambda run=run: run.events()[-1]["event"] == "failed", "the ending to be written")
    until(lambda: executor.hosts()["reference"].state == "cold", "the last host to be seen gone")
    executor.close()  # waits until the death of the host has been handled
    assert starts == ["reference"] * 3, "without a run that waits, no host is started"


def test_closing_stops_the_run_with_a_snapshot_and_ends_the_process(executor):
    run = submitted(executor, long_experiment())
    waiting = submitted(executor, long_experiment())
    until(lambda: run.status().step > 5)
    pid = executor.host_pid("reference")
    executor.close()
    assert not psutil.pid_exists(pid)
    assert run.status().state == "stopped"
    assert run.status().reason == "the dashboard was closed"
    assert run.snapshot().step == run.status().step
    assert waiting.status().state == "stopped"


DASHBOARD = """
import sys
from backends.executors.local import executor
from core.experiment import experiment
from pathlib import Path
run = executor().start(experiment.read(Path(sys.argv[1])), "reference")
while run.status().step < 3: pass
print(run.id, executor().host_pid("reference"), flush=True)
sys.stdin.read()
"""


def dashboard(tmp_path, experiment):
    """A process that starts a run as a dashboard does and then waits; (process, run, host's pid)."""
    path = tmp_path / "experiment.json"
    path.write_text(experiment.to_json())
    process = subprocess.Popen(
        [sys.executable, "-c", DASHBOARD, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    run_id, pid = process.stdout.readline().split()
    return process, folder.find(run_id), int(pid)


def test_a_killed_dashboard_loses_no_run_the_host_finishes_it_and_ends(executor, tmp_path):
    process, run, pid = dashboard(tmp_path, small_experiment(epochs=150))
    with process:
        process.kill()
    assert run.status().state == "running"
    assert [run.id for run in folder.all_runs()] == [run.id]
    assert ended(run).state == "finished"
    until(lambda: not psutil.pid_exists(pid), "the host to end")


def test_a_run_whose_dashboard_was_killed_can_still_be_paused_and_stopped(executor, tmp_path):
    process, run, pid = dashboard(tmp_path, long_experiment())
    with process:
        process.kill()
    run.ask("stop")
    assert ended(run).state == "stopped"
    until(lambda: not psutil.pid_exists(pid), "the host to end")


def test_a_dashboard_that_is_closed_stops_its_runs_and_leaves_no_process(executor, tmp_path):
    process, run, pid = dashboard(tmp_path, long_experiment())
    with process:
        process.stdin.close()
    assert run.status().state == "stopped"
    until(lambda: not psutil.pid_exists(pid), "the host to end")


def test_runs_trained_at_the_same_time_share_the_cores(executor, monkeypatch):
    asked = {}
    monkeypatch.setattr("backends.executors.local.CORES", 8)
    monkeypatch.setattr("backends.host.Host.use_threads", lambda host, count: asked.update({host.name: count}))
    first = submitted(executor, long_experiment())
    until(lambda: asked == {"reference": 8}, "all cores for a run that is alone")
    second = submitted(executor, long_experiment(), "pytorch")
    until(lambda: asked == {"reference": 4, "pytorch": 4}, "half of the cores each")
    second.ask("stop")
    ended(second)
    until(lambda: asked["reference"] == 8, "all cores for the one that is left")
    first.ask("stop")
    ended(first)


CHATTY = """
import os
from core.numerics import convolution

forward = convolution.forward

def chatty(*how):
    print("a word from Python", flush=True)
    os.write(1, b"a word from C\\n")
    return forward(*how)

convolution.forward = chatty
"""


def test_what_a_framework_prints_goes_to_the_runs_log_and_never_between_the_replies(executor, tmp_path, monkeypatch):
    """A sitecustomize.py that makes every convolution in the host process print."""
    (tmp_path / "sitecustomize.py").write_text(CHATTY)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    run = submitted(executor, small_experiment())
    assert ended(run).state == "finished"
    log = run.log_path.read_text()
    assert "a word from Python\n" in log
    assert "a word from C\n" in log
    assert all(json.loads(line) for line in run.events_path.read_text().splitlines())
    assert ended(submitted(executor, small_experiment())).state == "finished", "the host understands and is understood"


def assert_same_weights(run, other, within=0.0):
    mine, theirs = run.snapshot(), other.snapshot()
    assert mine.step == theirs.step
    for name, weights in theirs.weights.items():
        assert np.max(np.abs(mine.weights[name] - weights)) <= within, name
