"""A sentence for every zip that is no data set: bombs, lies, ways out, locks, damage."""

import os
import struct

import pytest
from hypothesis import example, given, settings, strategies as st

from core.data.dataset import DataError
from core.data.formats import archives
from tests.support.uploads import drawn, packed_files, read, two_classes


pytestmark = pytest.mark.usefixtures("own_data_folder")


def bomb() -> bytes:
    return packed_files({**two_classes(), "cat/bomb.bmp": bytes(60 * 2**20)})


def lying_about_its_size() -> bytes:
    """Its entry says 100 bytes where a megabyte unpacks; what comes after them is never looked at."""
    content = bytearray(packed_files({"cat/1.png": bytes(2**20), "dog/1.png": bytes(2**20)}))
    for mark, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + at : start + at + 4] = struct.pack("<I", 100)
            start += 4
    return bytes(content)


def locked() -> bytes:
    content = bytearray(packed_files(two_classes()))
    start = 0
    while (start := content.find(b"PK\1\2", start)) >= 0:
        content[start + 8] |= 1
        start += 4
    return bytes(content)


def with_many_entries() -> bytes:
    content = bytearray(packed_files(two_classes()))
    end = content.rfind(b"PK\5\6")
    content[end + 10 : end + 12] = struct.pack("<H", 60_000)
    return bytes(content)


REFUSED = {
    "nothing": (b"", "is empty"),
    "a text called zip": (b"hello", "no zip"),
    "a zip cut short": (packed_files(two_classes())[:-40], "cut short"),
    "a damaged list of contents": (
        packed_files(two_classes()).replace(b"PK\1\2", b"PKXX"),
        "no zip that can be read",
    ),
    "an empty zip": (packed_files({}), "no zip|no pictures in folders"),
    "no pictures": (packed_files({"a/x.txt": b"x", "b/y.txt": b"y"}), "no pictures in folders"),
    "no folders": (packed_files({"1.png": drawn(), "2.png": drawn()}), "no pictures in folders"),
    "one class": (packed_files({f"cat/{k}.png": drawn() for k in range(5)}), "one class only"),
    "only damaged pictures": (packed_files({"a/1.png": b"x", "b/1.png": b"y"}), "no picture that can be read"),
    "a zip bomb": (bomb(), "zip bomb"),
    "a lie about its size": (lying_about_its_size(), "damaged inside the zip"),
    "a way up and out": (packed_files({**two_classes(), "../../evil/x.png": drawn()}), "points out of it"),
    "a way up with backslashes": (packed_files({**two_classes(), "..\\..\\x.png": drawn()}), "points out of it"),
    "an absolute path": (packed_files({**two_classes(), "/etc/x.png": drawn()}), "points out of it"),
    "a drive": (packed_files({**two_classes(), "C:/windows/x.png": drawn()}), "points out of it"),
    "a password": (locked(), "password"),
    "too many entries": (with_many_entries(), "more than 20,000 files"),
    "test pictures alone": (packed_files({f"test/{c}/1.png": drawn() for c in "ab"}), "none in a folder 'train'"),
}


@pytest.mark.parametrize("content, words", REFUSED.values(), ids=REFUSED)
def test_a_bad_zip_is_refused_in_a_sentence(content, words):
    with pytest.raises(DataError, match=words) as refused:
        read(content)
    sentence = str(refused.value)
    assert sentence[-1] == "." and "Traceback" not in sentence and len(sentence) < 500


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
@example(594, b"\x00")  # a name that begins with zero is no name
@settings(max_examples=150, deadline=None)
def test_a_zip_with_any_bytes_changed_is_read_or_refused_and_nothing_else(at, bytes_):
    content = bytearray(packed_files(two_classes(2)))
    at = at % len(content)
    content[at : at + len(bytes_)] = bytes_
    try:
        assert read(bytes(content)).dataset.classes >= 2
    except DataError:
        pass


@pytest.mark.parametrize(
    "side, channels, words", [(4, 1, "8 to 128"), (1000, 1, "8 to 128"), ("28x", 1, "8 to 128"), (28, 2, "channels")]
)
def test_a_size_that_cannot_be_is_refused(side, channels, words):
    with pytest.raises(DataError, match=words):
        read(two_classes(), side, channels)


def test_more_than_may_be_unpacked_is_refused_before_anything_is(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match="would unpack to"):
        read({f"{c}/{k}.bmp": os.urandom(400) for c in "ab" for k in range(3)})
