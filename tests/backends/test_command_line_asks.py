"""The commands that ask a run: runs, predict, inspect."""

import json

import numpy as np
import pytest
from PIL import Image

import backends
from core.data import catalogue
from core.runs import folder, predictions
from tests.support.command_line import command, refused
from tests.support.small import small_experiment


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a trained run, two of its test images as files, and their rows among the test images."""
    path = tmp_path_factory.mktemp("asks")
    (path / "experiment.json").write_text(small_experiment(precision="float64").to_json())
    command(path, "train", "experiment.json", "--backend", "reference", "--runs", "runs")
    run = folder.all_runs(path / "runs")[0]
    saved = predictions.load(run.predictions_path, "test")
    images = catalogue.load("digits-16x16").images[saved.rows]
    for number in (0, 1):
        Image.fromarray(images[number, 0]).save(path / f"{number}.png")
        Image.fromarray(255 - images[number, 0]).save(path / f"{number}-inverted.png")
    return path, run, saved


def test_runs_are_listed_with_their_state(trained):
    path, run, _ = trained
    entries = json.loads(command(path, "runs", "--runs", "runs", "--json").stdout)
    (entry,) = [entry for entry in entries if entry["id"] == run.id]
    assert entry == {
        "id": run.id,
        "title": "small",
        "state": "finished",
        "step": 14,
        "loss": pytest.approx(run.reading.losses[-1]),
        "test_accuracy": run.status().result["test"]["accuracy"],
    }
    assert run.id in command(path, "runs", "--runs", "runs").stdout


@pytest.mark.parametrize("backend", [name for name in backends.names() if backends.missing(name) is None])
def test_predict_gives_what_the_run_itself_said(trained, backend):
    path, run, saved = trained
    done = command(
        path, "predict", run.id, "0.png", "1.png", "--as-is", "--json", "--runs", "runs", "--backend", backend
    )
    answer = json.loads(done.stdout)
    assert answer["classes"] == list("0123456789")
    for number, image in enumerate(answer["images"]):
        logits = saved.logits[number]
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        assert image["file"] == f"{number}.png"
        assert image["said"] == str(logits.argmax())
        np.testing.assert_allclose(image["probabilities"], shares, atol=1e-9)


def test_an_inverted_digit_is_turned_unless_it_is_taken_as_it_is(trained):
    path, run, _ = trained
    ask = ("predict", run.id, "0.png", "0-inverted.png", "--json", "--runs", "runs")
    prepared = command(path, *ask)
    plain, inverted = (image["probabilities"] for image in json.loads(prepared.stdout)["images"])
    np.testing.assert_allclose(plain, inverted, atol=1e-6)
    assert "0-inverted.png: Inverted" in prepared.stderr
    plain, inverted = (image["probabilities"] for image in json.loads(command(path, *ask, "--as-is").stdout)["images"])
    assert np.abs(np.subtract(plain, inverted)).max() > 0.01


def test_inspect_writes_one_array_a_layer(trained):
    path, run, saved = trained
    ask = ("inspect", run.id, "--image", "0.png", "--as-is", "--runs", "runs", "--out", "maps.npz")
    command(path, *ask)
    with np.load(path / "maps.npz") as maps:
        assert list(maps) == ["conv1", "act1", "pool1", "flatten1", "dropout1", "dense1"]
        assert maps["conv1"].shape == (1, 4, 14, 14)
        np.testing.assert_allclose(maps["dense1"][0], saved.logits[0], atol=1e-9)
        np.testing.assert_array_equal(maps["act1"], np.maximum(maps["conv1"], 0))
    command(path, *ask, "--layer", "pool1")
    with np.load(path / "maps.npz") as maps:
        assert list(maps) == ["pool1"]


def test_a_remembered_step_has_other_maps(trained):
    path, run, _ = trained
    ask = ("inspect", run.id, "--image", "0.png", "--as-is", "--runs", "runs", "--layer", "conv1")
    command(path, *ask, "--out", "end.npz")
    command(path, *ask, "--snapshot", "0", "--out", "start.npz")
    with np.load(path / "end.npz") as end, np.load(path / "start.npz") as start:
        assert np.abs(end["conv1"] - start["conv1"]).max() > 0.01


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["predict", "RUN", "nothing.png"], "nothing.png"),
        (["predict", "RUN", "experiment.json"], "experiment.json is of no image format"),
        (["predict", "no-such-run", "0.png"], "there is no run 'no-such-run'"),
        (["inspect", "RUN", "--image", "0.png", "--as-is", "--layer", "conv7", "--out", "x.npz"], "called 'conv7'"),
        (["inspect", "RUN", "--image", "0.png", "--as-is", "--snapshot", "3", "--out", "x.npz"], "step 3"),
    ],
)
def test_mistakes_are_one_sentence_each(trained, words, sentence):
    path, run, _ = trained
    words = [run.id if word == "RUN" else word for word in words]
    assert sentence in refused(path, *words, "--runs", "runs")
