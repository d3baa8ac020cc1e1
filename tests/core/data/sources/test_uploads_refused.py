"""A sentence for every zip that is no data set: bombs, lies, ways out, locks, damage."""

import contextlib
import os

import pytest
from hypothesis import example, given, settings, strategies as st

from core.data.dataset import DataError
from core.data.formats import archives
from tests.support.bad_zips import REFUSED
from tests.support.uploads import packed_files, read, two_classes


pytestmark = pytest.mark.usefixtures("own_data_folder")


@pytest.mark.parametrize("content, words", REFUSED.values(), ids=REFUSED)
def test_a_bad_zip_is_refused_in_a_sentence(content, words):
    with pytest.raises(DataError, match=words) as refused:
        read(content)
    sentence = str(refused.value)
    assert sentence[-1] == "."
    assert "Traceback" not in sentence
    assert len(sentence) < 500


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
@example(594, b"\x00")  # a name that begins with zero is no name
@settings(max_examples=150, deadline=None)
def test_a_zip_with_any_bytes_changed_is_read_or_refused_and_nothing_else(at, bytes_):
    content = bytearray(packed_files(two_classes(2)))
    at = at % len(content)
    content[at : at + len(bytes_)] = bytes_
    with contextlib.suppress(DataError):
        assert read(bytes(content)).dataset.classes >= 2


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
