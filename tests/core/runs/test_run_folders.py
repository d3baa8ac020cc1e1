"""Run folders: what is written can always be read, whatever was killed when."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings, strategies as some

from core.backend import Best, State
from core.runs import folder, snapshots
from core.runs.event_log_state import Reading
from core.runs.events import EventWriter, Tail
from core.runs.folder import RunError
from tests.support.small import small_experiment


@pytest.fixture
def run(tmp_path):
    return folder.create(small_experiment(), "reference", folder=tmp_path)


def write(run, *events):
    with EventWriter(run.events_path) as log:
        for name, fields in events:
            log.write(name, **fields)


STARTED = ("started", {"step": 0, "total_steps": 6, "steps_per_epoch": 3, "backend": "reference"})


def steps(last, *losses):
    return "steps", {"step": last, "losses": list(losses), "seconds": 0.5}


# --- events


def test_an_event_is_read_back_as_written(tmp_path):
    path = tmp_path / "events.jsonl"
    with EventWriter(path) as log:
        log.write("steps", losses=[0.1, 1 / 3])
    (event,) = Tail(path).read()
    assert event["losses"] == [0.1, 1 / 3]


def test_a_loss_that_is_no_number_is_written_as_null(tmp_path):
    with EventWriter(tmp_path / "e") as log:
        log.write("steps", losses=[float("nan"), float("inf")])
    assert json.loads((tmp_path / "e").read_text())["losses"] == [None, None]


@given(cut=some.integers(min_value=0, max_value=200))
@settings(max_examples=60, deadline=None)
def test_wherever_the_log_is_cut_all_whole_lines_are_read_and_more_can_be_appended(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("cut") / "events.jsonl"
    with EventWriter(path) as log:
        for number in range(4):
            log.write("note", number=number)
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    complete = whole[:cut].count(b"\n") + (cut < len(whole) and whole[cut : cut + 1] == b"\n")
    with EventWriter(path) as log:
        log.write("last")
    events = Tail(path).read()
    assert [event.get("number") for event in events] == [*range(complete), None]


def test_a_tail_returns_each_event_once_and_waits_for_a_line_to_be_whole(tmp_path):
    path = tmp_path / "events.jsonl"
    tail = Tail(path)
    assert tail.read() == []
    with open(path, "ab", buffering=0) as file:
        file.write(b'{"event":"a"}\n{"event":')
        assert [event["event"] for event in tail.read()] == ["a"]
        file.write(b'"b"}\n')
        assert [event["event"] for event in tail.read()] == ["b"]
    assert tail.read() == []


# --- what the events add up to


def test_a_curve_is_all_losses_in_order(run):
    write(run, STARTED, steps(2, 3.0, 2.0), steps(3, 1.0))
    at, losses = run.curve()
    assert at.tolist() == [1, 2, 3]
    assert losses.tolist() == [3.0, 2.0, 1.0]


def test_steps_made_again_after_a_resume_replace_the_lost_ones(run):
    write(run, STARTED, steps(4, 4.0, 3.0, 2.0, 1.0), ("resumed", {**STARTED[1], "step": 2}), steps(3, 9.0))
    assert run.curve()[1].tolist() == [4.0, 3.0, 9.0]


def test_an_epoch_knows_the_mean_loss_of_its_own_steps(run):
    epoch = {"epoch": 1, "step": 3, "validation": {"loss": 1.0, "accuracy": 0.5}, "seconds": 0.1}
    write(run, STARTED, steps(3, 3.0, 2.0, 1.0), ("epoch", epoch))
    assert run.epochs()[0]["training_loss"] == pytest.approx(2.0)


def test_time_left_comes_from_the_pace_of_the_last_reports(run):
    run.claim("host")
    write(run, STARTED, steps(2, 1.0, 1.0))
    status = run.status()
    assert (status.state, status.step, status.seconds_left) == ("running", 2, pytest.approx(0.25 * 4))


def test_events_written_by_others_are_seen_without_reading_the_log_again(run):
    write(run, STARTED, steps(1, 1.0))
    offset = run.reading.tail.offset
    write(run, steps(2, 2.0))
    assert run.reading.tail.offset > offset
    assert run.status().step == 2


# --- who has the run, how it ended


def test_a_new_run_waits_for_its_turn(run):
    assert run.status().state == "waiting"


def test_a_run_whose_owner_is_dead_has_failed_and_says_from_where_it_goes_on(run):
    write(run, STARTED, steps(2, 1.0, 1.0))
    snapshots.save(run.state_path, State({"a": np.zeros(1)}, {}, 2))
    own_as_dead_process(run)
    status = run.status()
    assert status.state == "failed"
    assert "step 2" in status.reason
    assert "resume continues from step 2" in status.reason


def test_settling_writes_the_ending_that_a_killed_process_could_not_write(run):
    write(run, STARTED)
    own_as_dead_process(run)
    run.mark_crashed()
    run.mark_crashed()
    assert [event["event"] for event in run.events()] == ["started", "failed"]


def test_a_pid_used_again_by_another_process_does_not_count_as_the_owner(run):
    owner = {"pid": os.getpid(), "started": 1.0, "role": "host"}
    folder.replace(run.path / "owner.json", json.dumps(owner))
    assert run.owner() is None


def own_as_dead_process(run):
    folder.replace(run.path / "owner.json", json.dumps({"pid": 2**22 + 1, "started": 1.0, "role": "host"}))


def test_stopping_a_waiting_run_takes_it_out_of_the_line_at_once(run):
    run.ask("stop")
    assert run.status().state == "stopped"
    assert "out of the queue" in run.status().reason


def test_a_run_can_only_be_asked_for_what_it_understands(run):
    with pytest.raises(RunError, match="pause, resume or stop"):
        run.ask("explode")


def test_runs_are_listed_newest_first_and_other_folders_are_left_out(tmp_path):
    made = [folder.create(small_experiment(seed=seed), "reference", folder=tmp_path) for seed in range(3)]
    (tmp_path / "notes").mkdir()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "run.json").write_text('{"backend": ')
    assert {run.id for run in folder.all_runs(tmp_path)} == {run.id for run in made}
    assert [run.id for run in folder.all_runs(tmp_path)] == sorted((run.id for run in made), reverse=True)


def test_an_unknown_run_is_refused_with_the_place_that_was_looked_in(tmp_path):
    with pytest.raises(RunError, match="no run 'nothing'"):
        folder.find("nothing", tmp_path)


def test_a_run_that_cannot_be_written_says_where(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"cannot write the run to .*CONVSCOPE_RUNS"):
        folder.create(small_experiment(), "reference", folder=tmp_path / "file")


# --- snapshots


def state(step, value=1.0):
    weights = {"conv1.weights": np.full((2, 1, 3, 3), value), "conv1.biases": np.arange(2, dtype=np.float32)}
    return State(weights, {"velocity/conv1.weights": np.full((2, 1, 3, 3), -value)}, step)


def test_a_snapshot_comes_back_exactly(tmp_path):
    snapshots.save(tmp_path, state(7, 1 / 3))
    back = snapshots.newest(tmp_path)
    assert back.step == 7
    for kept, given_ in ((back.weights, state(7, 1 / 3).weights), (back.slots, state(7, 1 / 3).slots)):
        assert kept.keys() == given_.keys()
        for name in kept:
            assert kept[name].dtype == given_[name].dtype
            assert np.array_equal(kept[name], given_[name])


def test_running_statistics_are_in_a_snapshot_also_those_of_the_best_weights(tmp_path):
    kept, of_best = ({"norm1.running_mean": np.full(3, value)} for value in (0.5, 0.25))
    full = state(7)
    full.statistics, full.best = kept, Best({"a.weights": np.ones(2)}, 1, 3, 0.5, statistics=of_best)
    snapshots.save(tmp_path, full)
    back = snapshots.newest(tmp_path)
    assert list(back.best.weights) == ["a.weights"]
    assert back.best.loss == 0.5
    for item, expected in ((back.statistics, kept), (back.best.statistics, of_best)):
        assert list(item) == list(expected)
        assert np.array_equal(item["norm1.running_mean"], expected["norm1.running_mean"])


def test_only_the_two_newest_snapshots_are_kept(tmp_path):
    for step in (1, 2, 3):
        snapshots.save(tmp_path, state(step))
    assert [path.name for path in snapshots.steps(tmp_path)] == [
        "step-00000002.safetensors",
        "step-00000003.safetensors",
    ]


@given(cut=some.integers(min_value=0, max_value=600), flip=some.booleans())
@settings(max_examples=40, deadline=None)
def test_a_damaged_snapshot_is_passed_over_for_the_one_before(tmp_path_factory, cut, flip):
    position = tmp_path_factory.mktemp("snapshots")
    snapshots.save(position, state(1))
    newest = snapshots.save(position, state(2))
    content = bytearray(newest.read_bytes())
    newest.write_bytes(content[: min(cut, len(content) - 1)])
    assert snapshots.newest(position).step == 1


# --- what others may do to a run folder


def test_a_run_whose_run_json_lacks_something_is_left_out(run, tmp_path):
    (run.path / "run.json").write_text('{"a": 1}')
    assert folder.all_runs(tmp_path) == []


def test_a_line_that_is_no_event_of_ours_is_passed_over(run):
    write(run, STARTED, steps(1, 3.0), ("steps", {}), steps(2, 2.0))
    assert run.curve()[1].tolist() == [3.0, 2.0]


def test_a_lost_line_leaves_a_gap_and_moves_no_loss(run):
    write(run, STARTED, steps(1, 3.0), steps(3, 1.0))
    assert np.array_equal(run.curve()[1], [3.0, np.nan, 1.0], equal_nan=True)


def test_only_one_of_many_takes_an_ended_run(run):
    write(run, STARTED, ("stopped", {"reason": "", "step": 0}))

    def take(_):
        try:
            folder.find(str(run.path)).queue_again()
            return "taken"
        except RunError:
            return "refused"

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(take, range(8))) == ["refused"] * 7 + ["taken"]


def test_a_claim_left_by_a_dead_process_does_not_block_for_good(run):
    write(run, STARTED, ("stopped", {"reason": "", "step": 0}))
    claim = run.path / "claim"
    claim.write_text("")
    os.utime(claim, (0, 0))
    run.queue_again()
    assert run.status().state == "waiting"


def test_a_run_that_only_waited_does_not_blame_a_training_process(run):
    write(run, ("queued", {}))
    folder.replace(run.path / "owner.json", json.dumps({"pid": 2**22 + 1, "started": 1.0, "role": "queue"}))
    assert run.status().state == "failed"
    assert "before its turn came" in run.status().reason


def test_a_long_log_is_read_in_linear_time(tmp_path):
    """Four times as many reports take at most about four times as long; forgetting steps at every report would take
    sixteen times as long."""

    def seconds(reports):
        log = tmp_path / f"{reports}.jsonl"
        report = {"event": "steps", "losses": [0.5], "seconds": 0.1, "learning_rate": 0.1}
        lines = [json.dumps({**report, "step": step}) for step in range(1, reports + 1)]
        start = json.dumps({"event": "started", "total_steps": reports, "steps_per_epoch": 10, "backend": "x"})
        log.write_text("\n".join([start, *lines]) + "\n")
        times = []
        for _ in range(3):
            began = time.perf_counter()
            read = Reading(Tail(log)).update()
            times.append(time.perf_counter() - began)
        assert read.step == len(read.rates) == reports
        return min(times)

    assert seconds(40_000) < 8 * seconds(10_000)


def test_two_damaged_lines_never_make_one_event(tmp_path):
    log = tmp_path / "events.jsonl"
    log.write_text('{"event":"queued","time":1\n"step":3}\n\n   \n{"event":"paused"}\n')
    assert Tail(log).read() == [{"event": "paused"}]
