"""Pictures of one's own: what is made of a zip, a folder or a table, and a sentence for everything that is wrong."""

import io
import os
import stat
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from numpy.testing import assert_array_equal
from PIL import Image

from core.data import catalogue, packed, picture, uploads
from core.data.dataset import DataError, Dataset
from core.data.folders import read_folders
from core.data.packed import folder, zipped
from core.data.uploads import read_inside, read_path, read_upload


@pytest.fixture(autouse=True)
def _own_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))


def drawn(grey=100, size=(20, 20), mode="L", form="PNG", **options) -> bytes:
    file = io.BytesIO()
    color = grey if mode in ("L", "I;16", "P") else (grey, *[200] * (len(mode) - 1))
    Image.new(mode, size, color).save(file, form, **options)
    return file.getvalue()


def packed_files(files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def two_classes(count=6) -> dict[str, bytes]:
    return {f"{name}/{k}.png": drawn(grey + k) for name, grey in (("cat", 10), ("dog", 210)) for k in range(count)}


def read(files, side=8, channels=1, name="animals.zip"):
    return read_upload(files if isinstance(files, bytes) else packed_files(files), name, side, channels)


def levels(dataset: Dataset, part=None) -> dict[str, list[int]]:
    """By class: the grey level of each picture, sorted."""
    rows = dataset.parts[part] if part else range(len(dataset.labels))
    found = {name: [] for name in dataset.class_names}
    for row in rows:
        found[dataset.class_names[dataset.labels[row]]].append(int(dataset.pictures[row].max()))
    return {name: sorted(values) for name, values in found.items()}


# --- what is made of good ones ----------------------------------------------------------------------------------------


def test_folders_are_classes_and_one_picture_in_six_of_each_tests():
    reading = read(two_classes(12))
    data = reading.dataset
    assert data.class_names == ("cat", "dog") and data.shape == (1, 8, 8) and reading.notes == ()
    assert data.counts("train").tolist() == [10, 10] and data.counts("test").tolist() == [2, 2]
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
    assert levels(data, "train")["a"] == [30, 31, 32] and levels(data, "test")["b"] == [10]


def test_a_folder_around_everything_and_folders_inside_a_class_name_no_class():
    files = {f"my pictures/{label}/{deep}/{k}.png": drawn() for label in "ab" for deep in "xy" for k in range(2)}
    assert read(files).dataset.counts("train").tolist() == [4, 4]


def test_training_pictures_come_mixed_and_always_in_the_same_order():
    labels = [read(two_classes(30)).dataset.labels[:50].tolist() for _ in range(2)]
    assert labels[0] == labels[1] and 0 < sum(labels[0][-10:]) < 10


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
def test_every_picture_format_is_read_in_the_size_and_colours_asked_for(form, channels):
    made, remarks = picture.decoded(drawn(120, (30, 50), form=form), 16, channels)
    assert made.shape == (channels, 16, 16) and made.dtype == np.uint8 and remarks == []
    assert np.abs(made.astype(int) - 120).max() <= 3


def test_the_middle_square_is_kept():
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 200
    file = io.BytesIO()
    Image.fromarray(wide).save(file, "PNG")
    assert (picture.decoded(file.getvalue(), 10, 1)[0] == 200).all()


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
        (transparent(), "transparent: laid on white", 255),
        (sixteen_bits(), "of 16 bits a value: cut to 8", 128),
        (animated(), "animated: the first picture was taken", 50),
        (cmyk(), "CMYK: turned into", 100),
    ],
)
def test_unusual_pictures_are_used_and_it_is_said_what_was_done(content, words, level):
    assert abs(int(picture.decoded(content, 8, 1)[0].max()) - level) <= 3
    reading = read({**two_classes(), "cat/odd.png": content})
    assert len(reading.dataset.labels) == 13
    assert any(words in note and "cat/odd.png" in note for note in reading.notes), reading.notes


# --- single files that are left out -----------------------------------------------------------------------------------


LEFT_OUT = {
    "a damaged picture": ("cat/x.png", drawn()[: drawn().index(b"IDAT") + 6], "damaged or cut short"),
    "an empty picture": ("cat/x.png", b"", "no picture format"),
    "words called a picture": ("cat/x.png", b"hello, I am no picture", "no picture format"),
    "a text": ("cat/notes.txt", b"hello", "no picture"),
    "a program": ("cat/run.exe", b"MZ", "no picture"),
    "a zip inside": ("cat/more.zip", packed_files(two_classes()), "no picture"),
    "a picture in no folder": ("alone.png", drawn(), "in no folder"),
    "a drawing of lines": ("cat/x.svg", b"<svg/>", "no picture"),
}


@pytest.mark.parametrize("path, content, words", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_no_picture_is_left_out_and_named(path, content, words):
    reading = read({**two_classes(), path: content})
    assert len(reading.dataset.labels) == 12
    (note,) = reading.notes
    assert words in note and path in note


def test_a_huge_picture_is_left_out_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(picture, "MOST_PIXELS", 10_000)
    (note,) = read({**two_classes(), "cat/huge.png": drawn(size=(200, 200))}).notes
    assert "million pixels" in note and "cat/huge.png" in note


def test_a_picture_that_says_it_is_enormous_is_left_out():
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
    assert reading.notes == () and reading.dataset.class_names == ("cat", "dog")


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
    assert reading.dataset.class_names == ("cat", "dog") and "bird" in reading.notes[0]


def test_a_class_of_which_nothing_can_be_read_is_named():
    reading = read({**two_classes(), "bird/x.png": b"no"})
    assert reading.dataset.class_names == ("cat", "dog")
    assert any("classes without a picture" in note and "bird" in note for note in reading.notes)


# --- uploads that are refused -----------------------------------------------------------------------------------------


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
    monkeypatch.setattr(packed, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match="would unpack to"):
        read({f"{c}/{k}.bmp": os.urandom(400) for c in "ab" for k in range(3)})


# --- folders ----------------------------------------------------------------------------------------------------------


def on_disk(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_a_folder_gives_what_its_zip_gives(tmp_path):
    root = on_disk(tmp_path / "animals", two_classes())
    ours, theirs = read_path(root, 8, 1).dataset, read(two_classes()).dataset
    assert_array_equal(ours.pictures, theirs.pictures)
    assert_array_equal(ours.labels, theirs.labels)


def test_links_in_a_folder_are_not_followed(tmp_path):
    root = on_disk(tmp_path / "animals", two_classes())
    (root / "cat" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "secret.png").write_bytes(drawn(77))
    (root / "bird").symlink_to(root / "cat")
    reading = read_path(root, 8, 1)
    assert reading.dataset.class_names == ("cat", "dog") and len(reading.dataset.labels) == 12
    assert any("link" in note for note in reading.notes)


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="not a folder"):
        folder(tmp_path / "nowhere")
    with pytest.raises(DataError, match="cannot be read"):
        read_path(tmp_path / "nowhere.zip", 8, 1)


@pytest.mark.parametrize("name", ["../outside", "/etc", "way-out/outside"])
def test_a_path_from_the_page_stays_inside_the_data_folder(name, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    on_disk(tmp_path / "outside", two_classes())
    (data / "way-out").symlink_to(tmp_path)
    with pytest.raises(DataError, match="not inside"):
        read_inside(data, name, 8, 1)
    on_disk(data / "inside", two_classes())
    assert read_inside(data, "inside", 8, 1).dataset.classes == 2


def test_real_faces_in_folders_are_read(real_data):
    root = real_data / "fer2013" / "folders"
    if not root.is_dir():
        pytest.skip("the real faces in folders are not here")
    data = read_path(root, 48, 1).dataset
    assert data.counts("train").tolist() == [30] * 7 and data.counts("test").tolist() == [10] * 7
    assert data.class_names == ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
    first = np.asarray(Image.open(sorted((root / "test" / "angry").iterdir())[0]))
    test = data.pictures[data.parts["test"].start :]
    assert (test[:, 0] == first).all(axis=(1, 2)).any(), "48x48 pictures are kept bit for bit"


# --- tables -----------------------------------------------------------------------------------------------------------


def table(rows=12, columns=9, header=None, label=lambda k: k % 2) -> bytes:
    lines = [header or "label," + ",".join(f"pixel{k}" for k in range(columns))]
    lines += [f"{label(k)}," + ",".join([str(k)] * columns) for k in range(rows)]
    return "\n".join(lines).encode()


def test_a_table_with_a_label_and_a_column_a_pixel_is_a_data_set():
    data = read(table(12), name="numbers.csv").dataset
    assert data.shape == (1, 3, 3) and data.class_names == ("0", "1")
    assert len(data.parts["train"]) == 10 and len(data.parts["test"]) == 2
    assert (data.pictures[:, 0, 0, 0] % 2 == data.labels).all()


BAD_TABLES = {
    "no label": (table(header="a," + ",".join("pppppppp")), "no column 'label'"),
    "no square": (table(columns=8), "no square"),
    "no rows": (table(rows=0), "no rows"),
    "one label": (table(label=lambda k: 4), "one label only"),
    "a word": (table() + b"\n1,2,3,cat,5,6,7,8,9,10", "line 14: .*cat"),
    "a missing field": (table() + b"\n1,2,3", "3 fields where"),
    "an empty field": (table() + b"\n1,2,3,,5,6,7,8,9,10", "missing"),
    "too large": (table() + b"\n1,2,3,256,5,6,7,8,9,10", "256 is larger"),
    "no text": (b"\x89PNG\r\n\x1a\n" + bytes(50), "no column 'label'"),
}


@pytest.mark.parametrize("content, words", BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table_is_refused_in_a_sentence(content, words):
    with pytest.raises(DataError, match=words):
        read(content, name="numbers.csv")


def test_kaggles_digits_are_found_in_the_data_folder(tmp_path):
    lines = ["label," + ",".join(f"pixel{k}" for k in range(784))]
    lines += [f"{k % 10}," + ",".join([str(k)] * 784) for k in range(30)]
    path = tmp_path / "data" / "kaggle-digits" / "train.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(lines))
    data = catalogue.load("kaggle-digits")
    assert data.shape == (1, 28, 28) and sum(data.counts("train")) == 25 and sum(data.counts("test")) == 5
    assert (data.pictures[:, 0, 5, 5] % 10 == data.labels).all()


# --- kept -------------------------------------------------------------------------------------------------------------


def test_a_kept_set_is_in_the_catalogue_and_loads_as_it_was():
    made = read(two_classes()).dataset
    name = catalogue.keep(made)
    assert name.startswith("own-animals-") and name in catalogue.names() and catalogue.missing(name) is None
    entry, found = catalogue.describe(name), catalogue.load(name)
    assert entry.shape == (1, 8, 8) and entry.class_names == ("cat", "dog") and "12 pictures" in entry.summary
    assert found.name == name and dict(found.parts) == dict(made.parts)
    assert_array_equal(found.pictures, made.pictures)
    assert_array_equal(found.labels, made.labels)


def test_the_same_pictures_get_the_same_name_and_others_another():
    first, again = (catalogue.keep(read(two_classes()).dataset) for _ in range(2))
    other = catalogue.keep(read({**two_classes(), "cat/new.png": drawn(99)}).dataset)
    assert first == again != other and catalogue.names()[-2:] == sorted([first, other])


def test_another_process_finds_it_by_its_name(tmp_path):
    name = catalogue.keep(read(two_classes()).dataset)
    code = f"from core.data import catalogue; print(catalogue.load({name!r}).counts('train'))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[5 5]"


@pytest.mark.parametrize("name", ["own-gone-0123456789", "own-../../etc/passwd", "own-/etc", "own-"])
def test_a_set_that_is_not_here_is_a_sentence(name):
    with pytest.raises(DataError, match="uploaded"):
        catalogue.load(name)


def test_a_damaged_kept_set_is_passed_over_and_said_when_asked_for(tmp_path):
    name = catalogue.keep(read(two_classes()).dataset)
    path = tmp_path / "data" / "uploads" / f"{name}.safetensors"
    path.write_bytes(path.read_bytes()[:50])
    assert name not in catalogue.names()
    with pytest.raises(DataError, match="damaged"):
        catalogue.load(name)


def test_where_nothing_can_be_written_it_is_said(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="cannot be kept"):
        catalogue.keep(read(two_classes()).dataset)


def test_there_is_an_end_to_what_is_kept(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_KEPT", 100)
    with pytest.raises(DataError, match="Delete some"):
        catalogue.keep(read(two_classes()).dataset)


def test_a_zip_is_read_while_it_is_open():
    with zipped(packed_files(two_classes()), "animals.zip") as contents:
        assert read_folders(contents, "animals", 8, 1).dataset.classes == 2
