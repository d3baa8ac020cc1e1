"""MATLAB files and SVHN: written by scipy, read by us, then cut and corrupted at any byte."""

import contextlib
import io
import struct
import tempfile
import tracemalloc
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings, strategies as st

from core.data import catalogue
from core.data.dataset import DataError, Dataset
from core.data.formats import mat
from core.data.formats.mat import read_mat
from core.data.formats.mat_sample import sampled
from core.data.sources import svhn


X = np.random.default_rng(2).integers(0, 256, (32, 32, 3, 3), dtype=np.uint8)
Y = np.array([[10], [1], [9]], dtype=np.uint8)


def saved(compressed: bool = True, **arrays) -> bytes:
    file = io.BytesIO()
    scipy.io.savemat(file, arrays, do_compression=compressed)
    return file.getvalue()


GOOD = {compressed: saved(compressed, X=X, y=Y) for compressed in (False, True)}


def read_from(folder: Path, train: bytes, test: bytes = GOOD[True]) -> Dataset:
    paths = [folder / "train_32x32.mat", folder / "test_32x32.mat"]
    for path, content in zip(paths, (train, test), strict=True):
        path.write_bytes(content)
    return svhn.read(svhn.ENTRY, paths)


def test_ten_means_zero_and_the_images_are_channels_first(tmp_path):
    dataset = read_from(tmp_path, GOOD[False])
    assert dataset.labels.tolist() == [0, 1, 9, 0, 1, 9]
    assert dataset.parts == {"train": range(3), "test": range(3, 6)}
    assert dataset.shape == (3, 32, 32)
    for n, c, h, w in [(0, 0, 0, 0), (1, 2, 5, 30), (2, 1, 31, 4)]:
        assert dataset.images[n, c, h, w] == X[h, w, c, n]
    assert not dataset.images.flags.writeable
    assert dataset.images.flags.c_contiguous


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "i4", "i8", "f4", "f8"])
def test_arrays_are_what_scipy_reads(tmp_path, compressed, dtype):
    arrays = {"X": np.arange(24).reshape(2, 3, 4).astype(dtype), "label": np.array([[3]], dtype=dtype)}
    path = tmp_path / "some.mat"
    path.write_bytes(saved(compressed, **arrays, words="passed over", z=np.array([1j])))
    ours, theirs = read_mat(path), scipy.io.loadmat(path)
    assert set(ours) == set(arrays)
    for name, array in ours.items():
        assert np.array_equal(array, theirs[name])
        assert array.dtype == theirs[name].dtype


def test_labels_0_to_9_are_the_digits(tmp_path):
    assert read_from(tmp_path, saved(X=X, y=np.array([[0], [9], [1]]))).labels[:3].tolist() == [0, 9, 1]
    with pytest.raises(DataError, match="both mean the digit 0"):
        read_from(tmp_path, saved(X=X, y=np.array([[0], [10], [1]])))


# --- MATLAB 7.3, and the extra images ---------------------------------------------------------------------------------


def as_hdf5(path: Path, **arrays) -> Path:
    """As MATLAB 7.3 stores arrays: with the dimensions the other way round."""
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name] = np.asarray(values).T
        file.create_group("#refs#")
    return path


def test_a_file_of_matlab_7_3_gives_the_same(tmp_path):
    (tmp_path / "good").mkdir()
    usual = read_from(tmp_path / "good", GOOD[False])
    paths = [as_hdf5(tmp_path / f"{part}_32x32.mat", X=X, y=Y.astype(float)) for part in ("train", "test")]
    dataset = svhn.read(svhn.ENTRY, paths)
    assert np.array_equal(dataset.images, usual.images)
    assert np.array_equal(dataset.labels, usual.labels)


MANY = np.random.default_rng(3).integers(0, 256, (32, 32, 3, 23), dtype=np.uint8)
LABELS = np.arange(23, dtype=np.uint8)[:, None] % 10 + 1


@pytest.mark.parametrize("kind", ["packed", "plain", "hdf5"])
def test_of_many_images_every_kth_is_kept(tmp_path, kind, monkeypatch):
    path = tmp_path / "extra.mat"
    if kind == "hdf5":
        as_hdf5(path, X=MANY, y=LABELS)
    else:
        path.write_bytes(saved(kind == "packed", X=MANY, y=LABELS, words="passed over"))
    assert np.array_equal(sampled(path, 100)["X"], MANY)
    few = sampled(path, 8)
    assert np.array_equal(few["X"], MANY[..., ::3])
    assert few["y"].ravel().tolist() == LABELS[::3].ravel().tolist()
    monkeypatch.setattr(svhn, "MOST_EXTRA", 8)
    read_from(tmp_path, GOOD[True])
    paths = [tmp_path / "train_32x32.mat", tmp_path / "test_32x32.mat", path]
    dataset = svhn.read(svhn.EXTRA, paths)
    assert dataset.parts == {"train": range(3 + 8), "test": range(11, 14)}
    assert np.array_equal(dataset.images[3 + 2], MANY[..., 6].transpose(2, 0, 1))
    assert dataset.labels[3:11].tolist() == (LABELS[::3].ravel() % 10).tolist()


def test_the_set_with_extra_images_is_listed_where_its_files_are(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    assert "svhn-extra" not in catalogue.names()
    (tmp_path / "svhn").mkdir()
    for part in ("train", "test", "extra"):
        (tmp_path / "svhn" / f"{part}_32x32.mat").write_bytes(GOOD[True])
    assert "svhn-extra" in catalogue.names()
    assert catalogue.load("svhn-extra").parts == {"train": range(6), "test": range(6, 9)}


def test_sampling_costs_the_memory_of_the_sample(tmp_path):
    path = tmp_path / "extra.mat"
    path.write_bytes(saved(X=np.zeros((32, 32, 3, 20_000), np.uint8)))
    tracemalloc.start()
    assert sampled(path, 100)["X"].shape == (32, 32, 3, 100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


@given(st.integers(128, 3000), st.binary(min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_sampled_file_with_any_bytes_changed_is_read_or_refused(at, bytes_):
    for content in (GOOD[True], GOOD[False], GOOD[True][:at]):
        changed = bytearray(content)
        changed[at : at + len(bytes_)] = bytes_
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.mat"
            path.write_bytes(changed)
            with contextlib.suppress(DataError):
                sampled(path, 2)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"\n <html><body>Not found</body></html>", "is a web page"),
        (b"MATLAB 5.0 MAT-file", "does not start like a MATLAB 5 file"),
        (b"MATLAB 7.3 MAT-file, HDF5".ljust(600), "MATLAB 7.3"),
        (saved(X=X), "no array 'y' (it has X)"),
        (saved(y=Y), "no array 'X'"),
        (saved(X=X[:28], y=Y), "X is (28, 32, 3, 3) of uint8"),
        (saved(X=X.astype(float), y=Y), "of float64"),
        (saved(X=X[..., :0], y=Y[:0]), "X is (32, 32, 3, 0)"),
        (saved(X=X, y=Y[:2]), "y is (2, 1)"),
        (saved(X=X, y=Y + np.uint8(1)), "says 11 for image 0"),
        (saved(X=X, y=Y * 0), "says 0 for image 0"),
        (saved(X=X, y=np.array([[1.5], [2], [3]])), "says 1.5 for image 0"),
        (saved(X=X, y=np.array([[1], [np.nan], [3]])), "says nan for image 1"),
        (GOOD[False][:-40], "cut short"),
        (GOOD[True][:300], "cut short"),
        (GOOD[True][:300] + b"...." + GOOD[True][304:], "damaged"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong_with_it(tmp_path, content, words):
    with pytest.raises(DataError) as raised:
        read_from(tmp_path, content)
    assert words in str(raised.value)
    assert "train_32x32.mat" in str(raised.value)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(mat, "MOST_BYTES", 1_000_000)
    packed = zlib.compress(bytes(20_000_000))
    tracemalloc.start()
    with pytest.raises(DataError, match="unpacks to more than 1,000,000 bytes"):
        read_from(tmp_path, GOOD[True][:128] + struct.pack("<II", 15, len(packed)) + packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_dimensions_larger_than_the_values_cost_no_memory(tmp_path):
    content = GOOD[False].replace(struct.pack("<4i", 32, 32, 3, 3), struct.pack("<4i", 32, 32, 3, 2**30))
    with pytest.raises(DataError, match=r"an array of 32 x 32 x 3 x 1073741824|make no sense"):
        read_from(tmp_path, content)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_cut_anywhere_is_refused(data):
    content = GOOD[data.draw(st.booleans())]
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    with tempfile.TemporaryDirectory() as folder, pytest.raises(DataError):
        read_from(Path(folder), cut)


def is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            dataset = read_from(Path(folder), content)
        except DataError as error:
            assert "train_32x32.mat" in str(error)
        else:
            assert dataset.shape == (3, 32, 32)
            assert 0 <= dataset.labels.min() <= dataset.labels.max() <= 9


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data):
    content = bytearray(GOOD[data.draw(st.booleans())])
    positions = st.one_of(st.integers(124, 200), st.integers(-64, -1), st.integers(0, len(content) - 1))
    for position, value in data.draw(st.lists(st.tuples(positions, st.integers(0, 255)), min_size=1, max_size=4)):
        content[position] = value
    is_read_or_refused(bytes(content))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_any_elements_after_a_good_header_are_read_or_refused(content):
    is_read_or_refused(GOOD[True][:128] + content)
