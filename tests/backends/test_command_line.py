"""The command line, run as a user runs it: what it prints, its exit codes, Ctrl-C."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core.experiment import experiment as experiments
from core.runs import folder
from tests.support.command_line import command, environment, refused
from tests.support.small import small_experiment
from tests.support.uploads import two_classes
from tests.support.waiting import until


ROOT = Path(__file__).resolve().parents[2]


def written(tmp_path, experiment):
    path = tmp_path / "experiment.json"
    path.write_text(experiment.to_json())
    return path


@pytest.mark.slow
def test_list_names_every_backend_with_its_devices(tmp_path):
    entries = json.loads(command(tmp_path, "list", "--json").stdout)
    assert [entry["name"] for entry in entries] == ["reference", "pytorch", "tensorflow"]
    for entry in entries:
        assert entry["problem"] is None
        assert entry["devices"][0]["id"] == "cpu"


def test_presets_tell_their_parameter_counts(tmp_path):
    entries = json.loads(command(tmp_path, "presets", "--json").stdout)
    assert {entry["name"]: entry["parameters"] for entry in entries} == {
        "network3-dense": 79_510,
        "network3-first-cnn": 289_630,
        "network3-two-conv": 85_670,
        "one-layer-softmax": 7_850,
        "sigmoid-output": 3,
        "network3-conv-softmax": 29_330,
        "network3-two-conv-relu": 85_670,
        "network3-two-hidden": 95_770,
        "network3-dropout": 1_672_570,
        "lenet-theano": 657_080,
        "lenet-tensorflow": 1_632_080,
        "small-keras-cnn": 251_210,
        "live-cnn": 600_810,
        "dense-500-50-10": 418_060,
        "zip-net": 9_760,
        "small-resnet": 22_202,
        "inception": 17_942,
    }


def test_an_experiment_takes_settings_by_full_and_by_short_key(tmp_path):
    done = command(
        tmp_path, "experiment", "live-cnn", "--data", "digits", "--set", "epochs=3",
        "training.optimizer.learning_rate=0.5", "--set", "seed=9", "data.order=stratified",
    )  # fmt: skip
    result = experiments.from_json(done.stdout)
    assert (result.training.epochs, result.training.optimizer.learning_rate, result.seed, result.data.order) == (
        3,
        0.5,
        9,
        "stratified",
    )


def test_wrong_settings_are_refused_with_what_is_known(tmp_path):
    assert "training.epoch is not a field" in refused(
        tmp_path, "experiment", "live-cnn", "--data", "digits", "--set", "training.epoch=3"
    )
    assert "key=value" in refused(tmp_path, "experiment", "live-cnn", "--data", "digits", "--set", "epochs")
    assert "training.epochs" in refused(tmp_path, "experiment", "live-cnn", "--data", "digits", "--set", "epochs=-1")
    assert "live-cnn" in refused(tmp_path, "experiment", "nonsense", "--data", "digits")
    assert "digits" in refused(tmp_path, "experiment", "live-cnn", "--data", "nonsense")


def test_training_writes_a_run_and_prints_the_three_parts(tmp_path):
    done = command(tmp_path, "train", written(tmp_path, small_experiment()), "--backend", "reference")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["train", "validation", "test"]
    (run,) = folder.all_runs(tmp_path / "runs")
    last = run.events()[-1]
    assert last["event"] == "finished"
    assert set(last["result"]) == {"train", "validation", "test"}


@pytest.mark.parametrize(
    "content, sentence",
    [
        ("{", "not an experiment"),
        ('{"format": 2, "colour": "red"}', "colour is not a field"),
        ("[1]", "not an experiment"),
    ],
)
def test_a_file_that_is_no_experiment_is_refused(tmp_path, content, sentence):
    path = tmp_path / "bad.json"
    path.write_text(content)
    assert sentence in refused(tmp_path, "train", path, "--backend", "reference")


def test_other_mistakes_are_one_sentence_each(tmp_path):
    path = written(tmp_path, small_experiment())
    assert "cannot read" in refused(tmp_path, "train", tmp_path / "absent.json", "--backend", "reference")
    assert "reference, pytorch, tensorflow" in refused(tmp_path, "train", path, "--backend", "caffe")
    assert "required" in refused(tmp_path, "train", path)
    assert "no run 'nothing'" in refused(tmp_path, "train", path, "--backend", "reference", "--resume", "nothing")
    assert "caffe" in refused(tmp_path, "compare", path, "--backends", "reference,caffe")


def test_ctrl_c_stops_cleanly_with_a_snapshot_and_the_run_can_be_resumed(tmp_path):
    path = written(tmp_path, small_experiment(epochs=100))
    process = subprocess.Popen(
        [sys.executable, "-m", "backends", "train", str(path), "--backend", "reference"],
        cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    (run,) = until(lambda: folder.all_runs(tmp_path / "runs"))
    until(lambda: run.status().step > 5)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate()
    assert process.returncode == 0
    assert f"--resume {run.id}" in stderr
    status = run.status()
    assert status.state == "stopped"
    assert run.snapshot().step == status.step
    done = command(tmp_path, "train", path, "--backend", "pytorch", "--resume", run.id)
    assert done.returncode == 0, done.stderr
    assert run.status().state == "finished"
    assert run.reading.backends == ["reference", "pytorch"]


def test_compare_starts_on_the_same_point_and_stays_together_in_float64(tmp_path):
    path = written(tmp_path, small_experiment(precision="float32"))
    done = command(tmp_path, "compare", path, "--steps", "12", "--precision", "float64", "--json")
    assert done.returncode == 0, done.stderr
    compared = json.loads(done.stdout)
    assert list(compared["losses"]) == ["reference", "pytorch", "tensorflow"]
    reference = compared["losses"]["reference"]
    assert len(reference) == 12
    for losses in compared["losses"].values():
        assert losses == pytest.approx(reference, rel=1e-10)
    assert max(compared["final_weights_max_difference"].values()) < 1e-10


@pytest.mark.parametrize(
    "backend", ["reference", *(pytest.param(b, marks=pytest.mark.slow) for b in ("pytorch", "tensorflow"))]
)
def test_what_cannot_start_is_one_sentence_and_leaves_no_run(tmp_path, backend):
    path = written(tmp_path, small_experiment())
    assert "cuda:9" in refused(tmp_path, "train", path, "--backend", backend, "--device", "cuda:9")
    assert folder.all_runs(tmp_path / "runs") == []


@pytest.mark.slow
def test_compare_says_in_a_sentence_what_went_wrong_in_a_backend(tmp_path):
    exploding = experiments.changed(small_experiment(precision="float32"), **{"training.optimizer.learning_rate": 1e30})
    assert "learning rate below" in refused(
        tmp_path, "compare", written(tmp_path, exploding), "--backends", "reference,pytorch"
    )
    huge = experiments.changed(small_experiment(batch_size=10**6), **{"network.layers.0.filters": 10**6})
    assert "GB" in refused(tmp_path, "compare", written(tmp_path, huge), "--backends", "reference")
    path = written(tmp_path, small_experiment())
    assert "names no backend" in refused(tmp_path, "compare", path, "--backends", ",")
    assert "steps" in refused(tmp_path, "compare", path, "--steps", "0")


def test_another_optimizer_brings_its_own_fields(tmp_path):
    done = command(
        tmp_path, "experiment", "network3-dense", "--data", "digits", "--set", "optimizer=momentum", "momentum=0.5",
        "title=2024",
    )  # fmt: skip
    result = experiments.from_json(done.stdout)
    assert (result.training.optimizer.kind, result.training.optimizer.momentum, result.title) == (
        "momentum",
        0.5,
        "2024",
    )


def test_an_interrupted_list_says_one_word(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "backends", "list"],
        cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell in the background ignores it
    )  # fmt: skip
    until(lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate()
    assert process.returncode == 2
    assert stderr.strip() == "interrupted"


def test_a_folder_of_images_becomes_a_data_set_that_an_experiment_can_use(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    for name, content in two_classes().items():
        (tmp_path / "animals" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "animals" / name).write_bytes(content)
    (tmp_path / "animals" / "cat" / "notes.txt").write_text("words")
    done = command(tmp_path, "data", str(tmp_path / "animals"), "--side", "16", "--color")
    name = done.stdout.strip()
    assert name.startswith("own-animals-")
    assert "cat/notes.txt" in done.stderr
    result = json.loads(command(tmp_path, "experiment", "small-keras-cnn", "--data", name).stdout)
    assert result["network"]["input_shape"] == [3, 16, 16]
    assert result["data"]["name"] == name
    assert name in command(tmp_path, "data").stdout


def test_what_was_made_of_a_folder_is_printed_as_json(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    for name, content in two_classes().items():
        (tmp_path / "animals" / "train" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "animals" / "train" / name).write_bytes(content)
    (tmp_path / "animals" / "train" / "cat" / "notes.txt").write_text("words")
    result = json.loads(command(tmp_path, "data", str(tmp_path / "animals"), "--side", "16", "--json").stdout)
    assert result["name"].startswith("own-animals-")
    assert (result["label"], result["classes"]) == ("animals", ["cat", "dog"])
    assert result["counts"] == {"train": [6, 6], "validation": [0, 0], "test": [0, 0]}
    assert result["left_out"] == {"not an image": 1}
    assert any("There is no test part" in remark for remark in result["remarks"])


def test_a_path_that_is_none_is_a_sentence(tmp_path):
    assert "cannot be read" in refused(tmp_path, "data", tmp_path / "nowhere")


def test_source_prints_code_that_makes_the_network(tmp_path):
    (tmp_path / "experiment.json").write_text(small_experiment().to_json())
    done = command(tmp_path, "source", tmp_path / "experiment.json", "--backend", "pytorch")
    assert done.returncode == 0
    assert "nn.Conv2d(1, 4, 3)," in done.stdout
    assert "nn.Dropout(0.3)," in done.stdout
    assert (
        "keras.Sequential("
        in command(tmp_path, "source", tmp_path / "experiment.json", "--backend", "tensorflow").stdout
    )
    assert "there is no backend called" in refused(tmp_path, "source", tmp_path / "experiment.json", "--backend", "jax")


def test_transfer_prints_each_accuracy_saves_the_result_and_refuses_what_makes_no_sense(tmp_path):
    assert command(tmp_path, "train", written(tmp_path, small_experiment()), "--backend", "reference").returncode == 0
    (run,) = folder.all_runs(tmp_path / "runs")
    few = ("transfer", run.id, "--data", "digits-16x16", "--classes", "8", "3", "--each", "10", "5", "--draws", "2")
    done = command(tmp_path, *few)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if " draw " in line]) == 4 * 2 * 2
    assert "guessing gets 50.00%" in lines[16]
    result = json.loads(command(tmp_path, *few, "--json").stdout)
    assert result["plan"]["classes"] == [3, 8]
    assert (result["plan"]["layer"], result["backend"]) == ("dropout1", "reference")
    (best,) = [row for row in result["table"] if (row["features"], row["each"]) == ("network", 10)]
    accuracies = [point["right"] / result["images"] for point in result["points"][:4] if point["each"] == 10]
    assert best["mean"] == pytest.approx(sum(accuracies) / 2)
    saved = json.loads(next((tmp_path / "runs" / ".transfer").glob("*.json")).read_text())
    assert saved["points"] == result["points"]
    assert "has no class '12'" in refused(tmp_path, *few[:4], "--classes", "12", "3")
    assert "at least two classes" in refused(tmp_path, *few[:4], "--classes", "3")
    assert "ascend" in refused(tmp_path, *few[:4], "--each", "0")
    assert "no layer called 'conv9'" in refused(tmp_path, *few[:4], "--layer", "conv9")
    assert "no data set called 'nothing'" in refused(tmp_path, "transfer", run.id, "--data", "nothing")
    assert "only" in refused(tmp_path, *few[:4], "--each", "5000")
    assert "no run 'gone'" in refused(tmp_path, "transfer", "gone", "--data", "digits")
