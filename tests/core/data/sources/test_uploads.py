"""Images of one's own: what is made of a zip, what is left out of it, and that it is said."""

import io
import stat
import struct
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from core.data.dataset import PARTS, DataError
from core.data.formats import image_file
from core.data.formats.class_names import cleaned
from tests.support.random_trees import trees
from tests.support.uploads import drawn, levels, packed_files, read, two_classes


pytestmark = pytest.mark.usefixtures("own_data_folder")


def test_folders_are_classes_and_one_image_in_six_of_each_tests():
    reading = read(two_classes(12))
    data = reading.dataset
    assert data.class_names == ("cat", "dog")
    assert data.shape == (1, 8, 8)
    assert reading.notes == ()
    assert data.counts("train").tolist() == [10, 10]
    assert data.counts("test").tolist() == [2, 2]
    assert levels(data) == {"cat": list(range(10, 22)), "dog": list(range(210, 222))}


def test_train_validation_and_test_folders_are_kept_apart():
    names = {"Train": 3, "val": 2, "testing": 1}
    files = {
        f"set/{part}/{label}/{k}.png": drawn(10 * count + k)
        for part, count in names.items()
        for label in "ab"
        for k in range(count)
    }
    data = read(files).dataset
    assert {part: data.counts(part).tolist() for part in data.parts} == {
        "train": [3, 3],
        "validation": [2, 2],
        "test": [1, 1],
    }
    assert levels(data, "train")["a"] == [30, 31, 32]
    assert levels(data, "test")["b"] == [10]


def test_a_folder_around_everything_and_folders_inside_a_class_name_no_class():
    files = {f"my images/{label}/{deep}/{k}.png": drawn() for label in "ab" for deep in "xy" for k in range(2)}
    assert read(files).dataset.counts("train").tolist() == [4, 4]


def test_training_images_come_mixed_and_always_in_the_same_order():
    labels = [read(two_classes(30)).dataset.labels[:50].tolist() for _ in range(2)]
    assert labels[0] == labels[1]
    assert 0 < sum(labels[0][-10:]) < 10


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
def test_every_image_format_is_read_in_the_size_and_colours_asked_for(form, channels):
    made, remarks = image_file.decoded(drawn(120, (30, 50), form=form), 16, channels)
    assert made.shape == (channels, 16, 16)
    assert made.dtype == np.uint8
    assert remarks == []
    assert np.abs(made.astype(int) - 120).max() <= 3


def test_the_middle_square_is_kept():
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 200
    file = io.BytesIO()
    Image.fromarray(wide).save(file, "PNG")
    assert (image_file.decoded(file.getvalue(), 10, 1)[0] == 200).all()


def transparent() -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(file, "PNG")
    return file.getvalue()


def sixteen_bits() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((9, 9), 128 * 257, np.uint16)).save(file, "PNG")
    return file.getvalue()


def animated() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("L", (9, 9), grey) for grey in (50, 150)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def cmyk() -> bytes:
    file = io.BytesIO()
    Image.new("CMYK", (9, 9), (0, 0, 0, 155)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    "content, words, level",
    [
        (transparent(), "transparent: put on a white background", 255),
        (sixteen_bits(), "of 16 bits per value: reduced to 8", 128),
        (animated(), "animated: the first frame was used", 50),
        (cmyk(), "CMYK: converted to", 100),
    ],
)
def test_unusual_images_are_used_and_it_is_said_what_was_done(content, words, level):
    assert abs(int(image_file.decoded(content, 8, 1)[0].max()) - level) <= 3
    reading = read({**two_classes(), "cat/odd.png": content})
    assert len(reading.dataset.labels) == 13
    assert any(words in note and "cat/odd.png" in note for note in reading.notes), reading.notes


# --- single files that are left out -----------------------------------------------------------------------------------


LEFT_OUT = {
    "a damaged image": ("cat/x.png", drawn()[: drawn().index(b"IDAT") + 6], "damaged or cut short"),
    "an empty image": ("cat/x.png", b"", "empty"),
    "words called an image": ("cat/x.png", b"hello, I am no image", "no image format"),
    "a text": ("cat/notes.txt", b"hello", "not an image"),
    "a program": ("cat/run.exe", b"MZ", "not an image"),
    "a zip inside": ("cat/more.zip", packed_files(two_classes()), "not an image"),
    "an image in no folder": ("alone.png", drawn(), "not in a folder"),
    "a drawing of lines": ("cat/x.svg", b"<svg/>", "not an image"),
}


@pytest.mark.parametrize("path, content, words", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_no_image_is_left_out_and_named(path, content, words):
    reading = read({**two_classes(), path: content})
    assert len(reading.dataset.labels) == 12
    (note,) = reading.notes
    assert words in note
    assert path in note


def test_a_huge_image_is_left_out_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(image_file, "MOST_PIXELS", 10_000)
    (note,) = read({**two_classes(), "cat/huge.png": drawn(size=(200, 200))}).notes
    assert "million pixels" in note
    assert "cat/huge.png" in note


def test_a_image_that_says_it_is_enormous_is_left_out():
    """The header alone says 60,000 x 60,000."""
    header = bytearray(drawn())
    header[16:24] = struct.pack(">II", 60_000, 60_000)
    header[29:33] = struct.pack(">I", zlib.crc32(bytes(header[12:29])))
    (note,) = read({**two_classes(), "cat/huge.png": bytes(header)}).notes
    assert "million pixels" in note


@pytest.mark.parametrize(
    "hidden", ["__MACOSX/cat/._1.png", "cat/.DS_Store", ".git/x.png", "cat/Thumbs.db", "cat/._1.png"]
)
def test_what_systems_leave_in_folders_is_passed_over_in_silence(hidden):
    reading = read({**two_classes(), hidden: b"\0\0"})
    assert reading.notes == ()
    assert reading.dataset.class_names == ("cat", "dog")


def test_links_in_a_zip_are_not_followed():
    link = zipfile.ZipInfo("cat/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in two_classes().items():
            archive.writestr(name, data)
        archive.writestr(link, "/etc/passwd")
    (note,) = read(content.getvalue()).notes
    assert "a link to somewhere else" in note


def test_an_empty_class_is_named():
    content = io.BytesIO(packed_files(two_classes()))
    with zipfile.ZipFile(content, "a") as archive:
        archive.mkdir("bird")
    reading = read(content.getvalue())
    assert reading.dataset.class_names == ("cat", "dog")
    assert "bird" in reading.notes[0]


def test_a_class_of_which_nothing_can_be_read_is_named():
    reading = read({**two_classes(), "bird/x.png": b"no"})
    assert reading.dataset.class_names == ("cat", "dog")
    assert any("classes without a readable image" in note and "bird" in note for note in reading.notes)


# --- random trees -----------------------------------------------------------------------------------------------------


@given(trees())
@settings(max_examples=40, deadline=None)
def test_a_zip_of_a_random_tree_is_what_it_was_made_from_or_refused(tree):
    """Each class has a grey level of its own, and each part one on top of that."""
    stray, truth = tree
    names = sorted({name for _, name in truth})
    grey = lambda part, name: 20 + 40 * names.index(name) + 10 * ("", *PARTS).index(part)
    files = {str(path): drawn(grey(*key), (9, 9)) for key, paths in truth.items() for path in paths}
    try:
        data = read({**files, **{str(path): drawn(255, (9, 9)) for path in stray}}).dataset
    except DataError as refused:
        assert str(refused)[-1] in ".!"
        return
    assert 255 not in data.images
    for part, rows in data.parts.items():
        for row in rows:
            name = cleaned(data.class_names[data.labels[row]]).casefold()
            fitting = {grey(p, n) for p, n in truth if cleaned(n).casefold() == name and p in ("", part)}
            assert data.images[row, 0, 4, 4] in fitting
