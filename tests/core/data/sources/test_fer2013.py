"""FER2013's CSV: rows made by hand, wrong rows named by their line, then cut and corrupted at any byte."""

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.data.dataset import DataError, Dataset
from core.data.sources import fer2013


FACES = np.random.default_rng(3).integers(0, 256, (4, 2304))


def row(face: int, emotion="3", usage="Training", pixels=None) -> str:
    values = " ".join(map(str, FACES[face].tolist())) if pixels is None else pixels
    return f"{emotion},{values},{usage}\n"


HEADER = "emotion,pixels,Usage\n"
GOOD = (HEADER + row(0) + row(1, "0", "PublicTest") + row(2, "6", "PrivateTest") + row(3, "1")).encode()


def read_from(folder: Path, content: bytes) -> Dataset:
    path = folder / "fer2013.csv"
    path.write_bytes(content)
    return fer2013.read(fer2013.ENTRY, [path])


def test_usages_become_parts_and_rows_keep_their_order_within_them(tmp_path):
    dataset = read_from(tmp_path, GOOD)
    assert dataset.parts == {"train": range(2), "validation": range(2, 3), "test": range(3, 4)}
    assert dataset.labels.tolist() == [3, 1, 0, 6]
    assert np.array_equal(dataset.images.reshape(4, -1), FACES[[0, 3, 1, 2]])
    assert dataset.shape == (1, 48, 48)
    assert dataset.images[0, 0, 1, 0] == FACES[0, 48]
    assert not dataset.images.flags.writeable
    assert not dataset.labels.flags.writeable


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(GOOD),
        GOOD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GOOD.rstrip(b"\n"),
        GOOD.replace(b"emotion,pixels,Usage", b'"emotion", "pixels", "Usage"') + b"\n\n",
    ],
    ids=["gzip", "Windows lines", "byte order mark", "quotes and blank lines"],
)
def test_other_ways_of_writing_the_same_file_are_the_same(tmp_path, content):
    assert np.array_equal(read_from(tmp_path, content).images, read_from(tmp_path, GOOD).images)


def test_columns_are_found_by_name_and_others_passed_over(tmp_path):
    pixels = " ".join(map(str, FACES[0].tolist()))
    dataset = read_from(tmp_path, f"index,Usage,emotion,pixels\n7,Training,5,{pixels}\n".encode())
    assert dataset.labels.tolist() == [5]
    assert dataset.parts == {"train": range(1)}


def test_a_file_without_usage_tests_with_every_sixth_image_and_says_so(tmp_path):
    lines = [row(k % 3, str(k % 7)).rsplit(",", 1)[0] for k in range(12)]
    dataset = read_from(tmp_path, "\n".join(["emotion, pixels", *lines]).encode())
    assert dataset.parts == {"train": range(10), "test": range(10, 12)}
    assert dataset.labels[10:].tolist() == [5, 4]
    assert "every sixth one" in dataset.remark


@pytest.mark.parametrize("name", ["icml_face_data.csv", "train.csv.gz", "fer2013/fer2013.csv"])
def test_the_file_is_found_under_its_other_names(tmp_path, name):
    (tmp_path / "fer2013" / name).parent.mkdir(parents=True)
    (tmp_path / "fer2013" / name).touch()
    assert fer2013.ENTRY.wanted[0].find(tmp_path) == tmp_path / "fer2013" / name


def with_pixels(*values: str) -> str:
    return HEADER + row(0) + row(1, pixels=" ".join(values))


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "is empty"),
        ("<!doctype html>", "is a web page"),
        (HEADER, "no rows"),
        ("emotion,pixels\n" + row(0), "no column 'Usage'"),
        (HEADER + row(0) + "3,1 2 3\n", "line 3: it has 2 fields"),
        (with_pixels(*["1"] * 2303), "line 3: it has 2,303 pixel values"),
        (with_pixels(*["1"] * 2305), "line 3: it has 2,305 pixel values"),
        (with_pixels(), "line 3: it has 0 pixel values"),
        (with_pixels("256", *["1"] * 2303), "line 3: it has 2,304 pixel values up to 256"),
        (with_pixels("65537", *["1"] * 2303), "up to 65537"),
        (with_pixels("9" * 40, *["1"] * 2303), "line 3: it has 2,304 pixel values up to 9"),
        (with_pixels("abc", *["1"] * 2303), "line 3: 'abc' is not a pixel value"),
        (with_pixels("-1", *["1"] * 2303), "line 3: '-1' is not a pixel value"),
        (with_pixels("1.5", *["1"] * 2303), "'1.5' is not a pixel value"),
        (HEADER + row(0) + row(1, emotion="7"), "line 3: the emotion is '7'"),
        (HEADER + row(0) + row(1, emotion="happy"), "the emotion is 'happy'"),
        (HEADER + row(0) + row(1, usage="Testing"), "line 3: the Usage is 'Testing'"),
        (HEADER + row(1, usage="PublicTest"), "no rows with the Usage Training"),
        (HEADER + row(0) + "1" * 50_000, "line 3: it is longer than 20,000 bytes"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path, text, words):
    with pytest.raises(DataError) as raised:
        read_from(tmp_path, text.encode())
    assert words in str(raised.value)
    assert "fer2013.csv" in str(raised.value)


def test_a_file_of_endless_lines_is_left_alone(tmp_path):
    with pytest.raises(DataError, match="more than 100,000 lines"):
        read_from(tmp_path, gzip.compress(GOOD + b"\n" * 10_000_000, compresslevel=1))


def test_a_cut_gzip_file_is_refused(tmp_path):
    packed = gzip.compress(GOOD)
    for cut in (20, len(packed) // 2, len(packed) - 1):
        with pytest.raises(DataError, match="cut short"):
            read_from(tmp_path, packed[:cut])


def is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            dataset = read_from(Path(folder), content)
        except DataError as error:
            assert "fer2013.csv" in str(error)
        else:
            assert dataset.shape == (1, 48, 48)
            assert 0 <= dataset.labels.min() <= dataset.labels.max() <= 6
            assert len(dataset.labels) == len(dataset.images) == sum(map(len, dataset.parts.values()))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_cut_anywhere_is_read_as_far_as_its_rows_are_whole_or_refused(data):
    content = data.draw(st.sampled_from([GOOD, gzip.compress(GOOD, mtime=0)]))
    is_read_or_refused(content[: data.draw(st.integers(0, len(content) - 1))])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data):
    content = bytearray(data.draw(st.sampled_from([GOOD, gzip.compress(GOOD, mtime=0)])))
    positions = st.one_of(st.integers(0, 30), st.integers(0, len(content) - 1))
    values = st.one_of(st.sampled_from(b'0 9,\n\r"\x00-'), st.integers(0, 255))
    for position, value in data.draw(st.lists(st.tuples(positions, values), min_size=1, max_size=4)):
        content[position] = value
    is_read_or_refused(bytes(content))


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="0123456789 ,\n-x", max_size=80))
def test_any_text_after_a_good_header_is_read_or_refused(text):
    is_read_or_refused((HEADER + row(0) + text).encode())
