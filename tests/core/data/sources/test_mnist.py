"""IDX files and MNIST: made by hand, then cut and corrupted at any byte."""

import gzip
import hashlib
import struct
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.data.dataset import DataError, Dataset
from core.data.formats.idx import read_idx
from core.data.sources import mnist, mnist_strangers
from tests.support.mnist_files import FILES, IMAGES, idx


def read_from(folder: Path, **changed: bytes) -> Dataset:
    """`changed` by the first two words of a file's name: train_images=..."""
    for name, content in FILES.items():
        key = "_".join(name.split("-")[:2])
        (folder / name).write_bytes(changed.get(key, content))
    return mnist.read(mnist.ENTRY, [folder / name for name in FILES])


def the_error(folder: Path, **changed: bytes) -> str:
    with pytest.raises(DataError) as raised:
        read_from(folder, **changed)
    return str(raised.value)


def test_two_numbers_in_an_idx_file_are_read_as_they_stand(tmp_path):
    path = tmp_path / "labels"
    path.write_bytes(b"\x00\x00\x08\x01\x00\x00\x00\x02\x05\xff")
    assert read_idx(path, 1).tolist() == [5, 255]


def test_images_and_labels_come_out_in_file_order_with_their_parts(tmp_path):
    dataset = read_from(tmp_path)
    assert dataset.images.shape == (5, 1, 28, 28)
    assert dataset.shape == (1, 28, 28)
    assert np.array_equal(dataset.images[:3, 0], IMAGES)
    assert dataset.labels.tolist() == [7, 0, 9, 7, 0]
    assert dataset.labels.dtype == np.int64
    assert dataset.parts == {"train": range(3), "test": range(3, 5)}
    assert dataset.counts("test").tolist() == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert dataset.counts("validation").tolist() == [0] * 10


def test_the_arrays_refuse_to_be_written(tmp_path):
    dataset = read_from(tmp_path)
    for array in (dataset.images, dataset.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(TypeError):
        dataset.parts["train"] = range(1)


def test_unpacked_files_are_read_whatever_their_name_says(tmp_path):
    assert read_from(tmp_path, train_images=idx(IMAGES)).labels.tolist() == [7, 0, 9, 7, 0]


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"train_images": b""}, "is empty"),
        ({"train_images": b"<!DOCTYPE html><title>404</title>"}, "is a web page"),
        ({"train_images": b"PK\x03\x04 a zip file, perhaps"}, "starts with the bytes 50 4b 03 04"),
        ({"train_images": b"\x00\x00\x08"}, "starts with the bytes 00 00 08"),
        ({"train_images": FILES["train-labels-idx1-ubyte.gz"]}, "swapped"),
        ({"train_images": idx(IMAGES)[:9]}, "inside its header"),
        ({"train_images": idx(IMAGES)[:-1]}, "2,352 values in its header, but has only 2,351"),
        ({"train_images": idx(IMAGES) + b"\x00"}, "but has more"),
        ({"train_images": FILES["train-images-idx3-ubyte.gz"][:-9]}, "cut short"),
        ({"train_images": FILES["train-images-idx3-ubyte.gz"][:-5] + b"....."}, "damaged"),
        ({"train_images": idx(np.zeros((3, 8, 8)))}, "images of 8x8"),
        ({"train_labels": idx([1, 2])}, "3 images, but train-labels-idx1-ubyte.gz beside it has 2"),
        ({"train_labels": idx([1, 2, 10])}, "says 10 for image 2"),
        ({"t10k_images": idx(np.zeros((0, 28, 28))), "t10k_labels": idx([])}, "has no labels"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong_with_it(tmp_path, changed, words):
    sentence = the_error(tmp_path, **changed)
    assert words in sentence
    assert str(tmp_path) in sentence
    assert "-ubyte" in sentence


def test_a_folder_in_the_place_of_a_file_is_an_error_in_words(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path, 1)


@pytest.mark.parametrize("count", [600_000, 2**32 - 1])
def test_a_header_that_promises_too_much_costs_no_memory(tmp_path, count):
    content = b"\x00\x00\x08\x03" + struct.pack(">III", count, 28, 28) + bytes(100)
    tracemalloc.start()
    sentence = the_error(tmp_path, train_images=gzip.compress(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "promises" in sentence
    assert peak < 5e6


def test_a_gzip_bomb_is_left_alone_after_the_promised_bytes(tmp_path):
    bomb = gzip.compress(idx(IMAGES) + bytes(50_000_000), compresslevel=1)
    tracemalloc.start()
    sentence = the_error(tmp_path, train_images=bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "but has more" in sentence
    assert peak < 5e6


def is_well_formed(dataset: Dataset) -> bool:
    images, labels = dataset.images, dataset.labels
    return (
        images.shape[1:] == dataset.shape == (1, 28, 28)
        and images.dtype == np.uint8
        and labels.dtype == np.int64
        and len(labels) == len(images) == sum(map(len, dataset.parts.values()))
        and bool(((labels >= 0) & (labels < 10)).all())
        and not images.flags.writeable
    )


def is_read_or_refused(**changed: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            assert is_well_formed(read_from(Path(folder), **changed))
        except DataError as error:
            assert folder in str(error)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_cut_anywhere_is_refused(data):
    content = data.draw(st.sampled_from([FILES["train-images-idx3-ubyte.gz"], idx(IMAGES)]))
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    with tempfile.TemporaryDirectory() as folder:
        the_error(Path(folder), train_images=cut)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data):
    name = data.draw(st.sampled_from(list(FILES)))
    content = bytearray(data.draw(st.sampled_from([FILES[name], gzip.decompress(FILES[name])])))
    positions = st.one_of(st.integers(0, 20), st.integers(0, len(content) - 1))
    for position, value in data.draw(st.lists(st.tuples(positions, st.integers(0, 255)), min_size=1, max_size=4)):
        content[min(position, len(content) - 1)] = value
    is_read_or_refused(**{"_".join(name.split("-")[:2]): bytes(content)})


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_read_or_refused(content):
    is_read_or_refused(train_images=content, train_labels=content)


def test_shrunk_digits_keep_their_ink_their_labels_and_their_place(tmp_path):
    """A square of ink in the upper left quarter stays there, and covers the same share."""
    square = np.zeros((3, 28, 28), np.uint8)
    square[:, 0:14, 0:14] = 255
    whole = read_from(tmp_path, train_images=gzip.compress(idx(square), mtime=0))
    shrunk = mnist.read(mnist.SHRUNK, [tmp_path / name for name in FILES])
    assert shrunk.shape == (1, 16, 16)
    assert shrunk.parts == whole.parts
    assert np.array_equal(shrunk.labels, whole.labels)
    first = shrunk.images[0, 0]
    assert abs(first.mean() - 255 / 4) < 1
    assert first[:7, :7].min() == 255
    assert first[9:].max() == first[:, 9:].max() == 0


# --- other names, and other sets ------------------------------------------------------------------------------------


OTHER_NAMES = {
    "dots": lambda name: name.removesuffix(".gz").replace("-idx", ".idx"),
    "raw": lambda name: f"raw/{name}",
    "a folder of the same name": lambda name: f"{name}/{name}".replace(".gz", ""),
    "a folder called gz": lambda name: f"{name}/{name.removesuffix('.gz')}",
}


@pytest.mark.parametrize("renamed", OTHER_NAMES.values(), ids=OTHER_NAMES)
def test_files_are_found_under_the_names_that_unpackers_give(tmp_path, renamed):
    for name, content in FILES.items():
        path = tmp_path / "mnist" / renamed(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    paths = [file.find(tmp_path) for file in mnist.ENTRY.wanted]
    assert mnist.read(mnist.ENTRY, paths).labels.tolist() == [7, 0, 9, 7, 0]


def npz(folder: Path, **arrays) -> list[Path]:
    (folder / "mnist").mkdir()
    np.savez_compressed(folder / "mnist" / "mnist.npz", **arrays)
    return [file.find(folder) for file in mnist.ENTRY.wanted]


def test_the_one_file_of_keras_is_read(tmp_path):
    labels = np.array([7, 0, 9])
    paths = npz(tmp_path, x_train=IMAGES, y_train=labels, x_test=IMAGES[:2], y_test=labels[:2])
    dataset = mnist.read(mnist.ENTRY, paths)
    assert np.array_equal(dataset.images[:3, 0], IMAGES)
    assert dataset.labels.tolist() == [7, 0, 9, 7, 0]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"x_train": None}, "no array 'x_train'"),
        ({"x_train": np.zeros((3, 28, 28))}, "of float64"),
        ({"y_train": np.array([{}, 1, 2], dtype=object)}, "not a readable .npz"),
        ({"y_train": np.array([1, 2, 77])}, "says 77"),
    ],
)
def test_another_npz_is_named(tmp_path, changes, words):
    arrays = {"x_train": IMAGES, "y_train": np.arange(3), "x_test": IMAGES[:2], "y_test": np.arange(2)} | changes
    with pytest.raises(DataError, match=words):
        mnist.read(mnist.ENTRY, npz(tmp_path, **{name: it for name, it in arrays.items() if it is not None}))


def test_other_images_under_mnists_names_are_said_to_be_others(tmp_path, monkeypatch):
    assert "not MNIST's published files" in read_from(tmp_path).remark
    sums = tuple(hashlib.md5(content).hexdigest() for content in FILES.values())
    monkeypatch.setattr(mnist_strangers, "STRANGERS", (mnist_strangers.Stranger("Hats", tuple("abcdefghij"), sums),))
    dataset = read_from(tmp_path)
    assert "but Hats" in dataset.remark
    assert dataset.class_names == tuple("abcdefghij")


def test_the_published_mnist_has_no_remark(real_data):
    folder = real_data / "mnist"
    if not folder.is_dir():
        pytest.skip("the real MNIST is not here")
    paths = [file.find(real_data) for file in mnist.ENTRY.wanted]
    assert mnist.read(mnist.ENTRY, paths).remark == ""
