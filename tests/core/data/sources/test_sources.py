"""CIFAR-10's pickles and bytes, USPS in both its forms, and what is drawn from a seed: digits, faces, points."""

import bz2
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import backends
from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.pickles import read_pickle
from core.data.preparation.scaling import Signed
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.data.sources import cifar10, faces, street_digits
from core.data.sources.points import ENTRIES as POINTS
from core.experiment.experiment import Experiment
from core.lessons.vocabulary.stages import edge_strength, line_strength
from core.network.initial_weights import initial_weights
from core.network.layers import Activation, Dense, Flatten
from core.network.network import Network
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe
from core.training.loop import check, evaluate, steps


@pytest.fixture
def data(monkeypatch, tmp_path):
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    return tmp_path


def put(folder, name, content: bytes):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


# --- pickles ----------------------------------------------------------------------------------------------------------


def batch(count=4, labels=None, start=0) -> dict:
    pixels = np.arange(start, start + count * 3072).astype(np.uint8).reshape(count, 3072)
    return {b"data": pixels, b"labels": list(range(count)) if labels is None else labels}


@pytest.mark.parametrize("protocol", range(5))
def test_plain_values_and_arrays_of_bytes_come_through_every_protocol(protocol, tmp_path):
    content = {"data": batch()[b"data"], "labels": [1, 2], "name": "a", "real": 0.5, "none": None}
    found = read_pickle(put(tmp_path, "p", pickle.dumps(content, protocol)))
    found = {key.decode() if isinstance(key, bytes) else key: value for key, value in found.items()}
    assert_array_equal(found["data"], content["data"])
    assert found["data"].dtype == np.uint8 and found["labels"] == [1, 2] and found["real"] == 0.5


class Runs:
    def __init__(self, function, *arguments):
        self.what = function, arguments

    def __reduce__(self):
        return self.what


EVIL = {
    "a command": Runs(os.system, "touch it-was-run"),
    "code": Runs(eval, "__import__('pathlib').Path('it-was-run').touch()"),
    "a process": Runs(subprocess.run, ["touch", "it-was-run"]),
    "another function of NumPy": Runs(np.savetxt, "it-was-run", [1]),
}


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_a_pickle_that_asks_for_anything_else_is_refused_and_nothing_is_run(evil, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = put(tmp_path, "data_batch_1", pickle.dumps({b"data": evil}))
    with pytest.raises(DataError, match="nothing was run"):
        read_pickle(path)
    assert not (tmp_path / "it-was-run").exists()
    pickle.loads(path.read_bytes())
    assert (tmp_path / "it-was-run").exists(), "the pickle would have done it"


def test_a_pickle_of_objects_is_refused(tmp_path):
    with pytest.raises(DataError, match="something else than bytes"):
        read_pickle(put(tmp_path, "p", pickle.dumps({"data": np.zeros(3)})))


@pytest.mark.parametrize("cut", [0.02, 0.5, 0.99])
def test_a_pickle_cut_short_is_a_sentence(cut, tmp_path):
    whole = pickle.dumps(batch())
    with pytest.raises(DataError, match="Get it again"):
        read_pickle(put(tmp_path, "p", whole[: int(cut * len(whole))]))


def test_any_bytes_changed_in_a_pickle_give_a_value_or_a_sentence(tmp_path):
    whole, chance = pickle.dumps(batch(1), 2), np.random.default_rng(1)
    for _ in range(300):
        content = bytearray(whole)
        content[chance.integers(0, 200)] = chance.integers(0, 256)
        try:
            read_pickle(put(tmp_path, "p", bytes(content)))
        except DataError:
            pass


# --- CIFAR-10 ---------------------------------------------------------------------------------------------------------


def test_cifars_batches_train_in_their_order_and_the_test_batch_tests(data):
    for number in (1, 3):
        put(
            data,
            f"cifar10/cifar-10-batches-py/data_batch_{number}",
            pickle.dumps(batch(3, [number] * 3, start=number), 2),
        )
    put(data, "cifar10/cifar-10-batches-py/test_batch", pickle.dumps(batch(2, [9, 8]), 2))
    found = catalogue.load("cifar10")
    assert found.labels.tolist() == [1, 1, 1, 3, 3, 3, 9, 8]
    assert found.parts == {"train": range(6), "test": range(6, 8)}
    assert found.pictures[0, :, 0, 0].tolist() == [1, (1 + 1024) % 256, (1 + 2048) % 256], "red, then green, then blue"
    assert found.pictures[0, 0, 0, 1] == 2, "row by row"


def test_cifars_binary_version_gives_the_same(data):
    for name, labels in (("data_batch_1", [3, 1, 0]), ("test_batch", [9, 8])):
        pixels = batch(len(labels))[b"data"]
        rows = np.concatenate([np.array(labels, np.uint8)[:, None], pixels], axis=1)
        put(data, f"cifar10/cifar-10-batches-bin/{name}.bin", rows.tobytes())
    found = catalogue.load("cifar10")
    assert found.labels.tolist() == [3, 1, 0, 9, 8]
    assert_array_equal(found.pictures[:3].reshape(3, -1), batch(3)[b"data"])


BAD_BATCHES = {
    "a list": ([1, 2], "no 'data'"),
    "too few values": ({"data": np.zeros((2, 9), np.uint8), "labels": [1, 2]}, "3,072"),
    "no labels": ({"data": batch()[b"data"]}, "no 'labels'"),
    "a label of 10": (batch(2, [1, 10]), "no 'labels' from 0 to 9"),
    "a label too few": (batch(3, [1, 2]), "3 pictures but 2 labels"),
}


@pytest.mark.parametrize("content, words", BAD_BATCHES.values(), ids=BAD_BATCHES)
def test_a_batch_that_is_none_of_cifars_is_refused_in_a_sentence(content, words, tmp_path):
    path = put(tmp_path, "data_batch_1", pickle.dumps(content))
    with pytest.raises(DataError, match=words):
        cifar10.read(cifar10.ENTRY, [path, path])


@pytest.mark.parametrize("content, words", [(bytes(3000), "no number of pictures"), (b"\x0a" + bytes(3072), "says 10")])
def test_bytes_that_are_none_of_cifars_are_refused_in_a_sentence(content, words, tmp_path):
    path = put(tmp_path, "data_batch_1.bin", content)
    with pytest.raises(DataError, match=words):
        cifar10.read(cifar10.ENTRY, [path, path])


def test_without_the_optional_batches_cifar_is_not_missing(data):
    assert "data_batch_1, test_batch missing" in catalogue.missing("cifar10")


def test_the_real_cifar_files_are_read(real_data, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(real_data))
    if sentence := catalogue.missing("cifar10"):
        pytest.skip(sentence)
    found = catalogue.load("cifar10")
    if len(found.parts["train"]) != 2000:
        pytest.skip("these are more of CIFAR-10's batches than the counts below are of")
    assert found.counts("train").tolist() == [202, 191, 203, 195, 214, 183, 207, 199, 203, 203]
    assert found.counts("test").tolist() == [57, 41, 51, 49, 40, 48, 54, 47, 57, 56]
    assert [found.class_names[label] for label in found.labels[:3]] == ["frog", "truck", "truck"]
    means = found.pictures.mean(axis=(0, 2, 3)) / 255
    assert np.abs(means - [0.4914, 0.4822, 0.4465]).max() < 0.01


# --- USPS -------------------------------------------------------------------------------------------------------------


def digits(count):
    chance = np.random.default_rng(count)
    return chance.integers(0, 256, (count, 256)) / 255, np.arange(count) % 10


def hdf5(path, **parts):
    h5py = pytest.importorskip("h5py")
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        for part, (values, labels) in parts.items():
            file[f"{part}/data"], file[f"{part}/target"] = values.astype(np.float32), labels
    return path


def libsvm(values, labels) -> bytes:
    lines = []
    for row, label in zip(values, labels, strict=True):
        fields = " ".join(f"{place}:{2 * value - 1:.6g}" for place, value in enumerate(row, 1))
        lines.append(f"{label + 1} {fields} ")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("form", ["h5", "text", "bz2"])
def test_usps_is_read_from_hdf5_and_from_text_packed_or_not(form, data):
    train, test = digits(25), digits(12)
    if form == "h5":
        hdf5(data / "usps" / "usps.h5", train=train, test=test)
    else:
        pack, ending = (bz2.compress, ".bz2") if form == "bz2" else (bytes, "")
        put(data, f"usps/usps{ending}", pack(libsvm(*train)))
        put(data, f"usps/usps.t{ending}", pack(libsvm(*test)))
    found = catalogue.load("usps")
    assert found.shape == (1, 16, 16) and found.parts == {"train": range(25), "test": range(25, 37)}
    assert_array_equal(found.labels, [*train[1], *test[1]])
    assert_array_equal(found.pictures[:25].reshape(25, 256), np.rint(train[0] * 255))


def test_reading_hdf5_imports_no_framework():
    code = "import sys, h5py; print(sorted({'tensorflow', 'torch', 'keras'} & set(sys.modules)))"
    pytest.importorskip("h5py")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


BAD_TEXTS = {
    "a place too far": (b"1 257:0.5", "places from 1 to 256"),
    "place 0": (b"1 0:0.5", "places from 1 to 256"),
    "a word": (b"1 2:cat", "line 1"),
    "a label of 11": (b"11 1:0.5", "not one of 0 to 9"),
    "too large a value": (b"1 1:7", "from 0 to 1"),
    "damaged packing": (b"BZh9" + bytes(40), "damaged|cut short"),
    "packing cut short": (bz2.compress(b"1 1:0.5\n" * 9)[:-9], "cut short"),
}


@pytest.mark.parametrize("content, words", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_bad_text_of_usps_is_refused_in_a_sentence(content, words, data):
    put(data, "usps/usps", content)
    put(data, "usps/usps.t", libsvm(*digits(3)))
    with pytest.raises(DataError, match=words):
        catalogue.load("usps")


def test_the_training_text_alone_asks_for_the_test_text(data):
    put(data, "usps/usps", libsvm(*digits(3)))
    with pytest.raises(DataError, match=r"usps\.t"):
        catalogue.load("usps")


def test_an_hdf5_file_of_something_else_is_a_sentence(data):
    hdf5(data / "usps" / "usps.h5", train=(np.zeros((3, 9)), np.zeros(3)), test=digits(3))
    with pytest.raises(DataError, match="256"):
        catalogue.load("usps")
    put(data, "usps/usps.h5", b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(DataError, match=r"usps\.h5"):
        catalogue.load("usps")


# --- drawn ------------------------------------------------------------------------------------------------------------


DRAWN = ["street-digits", "faces", "city-landscape", *(entry.name for entry in POINTS)]


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_says_so_and_is_always_the_same(name):
    entry, found = catalogue.describe(name), catalogue.load(name)
    assert "ynthetic" in entry.label and "ynthetic" in entry.summary + entry.label and catalogue.missing(name) is None
    assert entry.shape == found.shape and len(found.parts["test"]) >= 300
    _, read = catalogue.SOURCES[name]
    assert_array_equal(read(entry, []).pictures, found.pictures)


def test_street_digits_come_as_often_as_svhns_and_in_colour():
    found = catalogue.load("street-digits")
    shares = np.array(street_digits.SHARES) / sum(street_digits.SHARES)
    assert np.abs(found.counts("train") / 5000 - shares).max() < 0.002
    assert (found.pictures[:, 0] != found.pictures[:, 1]).mean() > 0.9


def test_faces_have_fer2013s_proportions_and_disgust_is_as_rare_as_there():
    found = catalogue.load("faces")
    counts = found.counts("train") + found.counts("test")
    assert counts.tolist() == [round(count / faces.SMALLER) for count in (4953, 547, 5121, 8989, 6077, 4002, 6198)]
    assert abs(counts[0] / counts[1] - 4953 / 547) < 0.1


def test_cities_have_fewer_edges_than_landscapes_but_longer_lines():
    """The ordering of both statistics of the curriculum's pair: the first misleads, the second tells them apart."""
    found = catalogue.load("city-landscape")
    assert found.counts("train").tolist() == [800, 800] and found.counts("test").tolist() == [200, 200]
    test = found.parts["test"]
    views, landscape = found.pictures[test.start : test.stop, 0] / 255, found.labels[test.start : test.stop] == 1
    edges, lines = (np.array([of(view) for view in views]) for of in (edge_strength, line_strength))
    assert edges[~landscape].mean() < edges[landscape].mean() and lines[~landscape].min() > lines[landscape].max()
    assert best_threshold(edges, landscape) < 0.8 and best_threshold(lines, landscape) == 1


def best_threshold(values: np.ndarray, yes: np.ndarray) -> float:
    """The accuracy of the best cut, whichever side is yes."""
    right = [np.mean((values > cut) == yes) for cut in values]
    return max(*right, *(1 - share for share in right))


@pytest.mark.parametrize(
    "name, least, most", [("faces", 0.5, 0.97), ("street-digits", 0.15, 0.6), ("city-landscape", 0.7, 0.95)]
)
def test_a_straight_line_learns_something_of_what_is_drawn_but_not_all(name, least, most):
    """A linear classifier, closed form: ridge regression on one-hot labels."""
    found = catalogue.load(name)
    x = found.pictures.reshape(len(found.labels), -1)[:, ::3] / 255.0 - 0.5
    train, test = (slice(found.parts[part].start, found.parts[part].stop) for part in ("train", "test"))
    target = np.eye(found.classes)[found.labels]
    inverse = np.linalg.solve(x[train].T @ x[train] + 100 * np.eye(x.shape[1]), x[train].T @ target[train])
    accuracy = ((x[test] @ inverse).argmax(axis=1) == found.labels[test]).mean()
    assert least < accuracy < most


@pytest.mark.parametrize(
    "name, least, most", [("blobs", 0.9, 1), ("moons", 0.6, 0.96), ("rings", 0.3, 0.75), ("spiral", 0.2, 0.7)]
)
def test_a_straight_line_parts_blobs_only(name, least, most):
    found = catalogue.load(f"points-{name}")
    x = np.concatenate([found.pictures.reshape(-1, 2) / 127.5 - 1, np.ones((1200, 1))], axis=1)
    inverse = np.linalg.lstsq(x, np.eye(found.classes)[found.labels], rcond=None)[0]
    accuracy = ((x @ inverse).argmax(axis=1) == found.labels).mean()
    assert least <= accuracy <= most


def test_a_network_with_hidden_units_parts_the_rings_that_no_straight_line_does():
    it = Experiment(
        data=DataRecipe(name="points-rings", scaling=Signed()),
        network=Network(
            input_shape=(1, 1, 2),
            layers=[Flatten(), Dense(units=16), Activation(function="tanh"), Dense(units=2)],
        ),
        training=TrainingRecipe(optimizer=Adam(rate=0.02), batch_size=50, epochs=20),
    )
    data = prepare(catalogue.load("points-rings"), it.data, it.seed)
    check(it, data)
    model = backends.load("reference").build(it.network, initial_weights(it.network, it.seed, "float32"), it.training)
    for _ in steps(model, data, it):
        pass
    assert evaluate(model, data.test, it.training.loss)["accuracy"] > 0.97
