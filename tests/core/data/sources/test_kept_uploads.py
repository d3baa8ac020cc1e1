"""Data sets of one's own that are kept: found again by their name, also by another process, or missed in a sentence."""

import json
import struct
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors import safe_open
from safetensors.numpy import save_file

from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.archives import zipped
from core.data.formats.image_folders import read_folders
from core.data.sources import uploads
from tests.support.uploads import drawn, levels, packed_files, read, two_classes


pytestmark = pytest.mark.usefixtures("own_data_folder")


def test_a_kept_set_is_in_the_catalogue_and_loads_as_it_was():
    made = read(two_classes()).dataset
    name = catalogue.keep(made)
    assert name.startswith("own-animals-")
    assert name in catalogue.names()
    assert catalogue.missing(name) is None
    entry, result = catalogue.describe(name), catalogue.load(name)
    assert entry.shape == (1, 8, 8)
    assert entry.class_names == ("cat", "dog")
    assert "12 images" in entry.summary
    assert result.name == name
    assert dict(result.parts) == dict(made.parts)
    assert_array_equal(result.images, made.images)
    assert_array_equal(result.labels, made.labels)


def test_the_same_images_get_the_same_name_and_others_another():
    first, again = (catalogue.keep(read(two_classes()).dataset) for _ in range(2))
    other = catalogue.keep(read({**two_classes(), "cat/new.png": drawn(99)}).dataset)
    assert first == again != other
    assert catalogue.names()[-2:] == sorted([first, other])


def test_another_process_finds_it_by_its_name(tmp_path):
    name = catalogue.keep(read(two_classes()).dataset)
    code = f"from core.data import catalogue; print(catalogue.load({name!r}).counts('train'))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[5 5]"


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
    with pytest.raises(DataError, match="cannot be stored"):
        catalogue.keep(read(two_classes()).dataset)


def test_there_is_an_end_to_what_is_kept(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_KEPT", 100)
    with pytest.raises(DataError, match="Delete some"):
        catalogue.keep(read(two_classes()).dataset)


def test_a_zip_is_read_while_it_is_open():
    with zipped(packed_files(two_classes()), "animals.zip") as contents:
        assert read_folders(contents, "animals", 8, 1).dataset.classes == 2


def test_a_set_that_the_first_version_kept_is_refused_in_a_sentence():
    """Its images went by another name in the file."""
    name = catalogue.keep(read(two_classes()).dataset)
    path = catalogue.data_folder() / "uploads" / f"{name}.safetensors"
    with safe_open(path, framework="numpy") as file:
        about, arrays = file.metadata(), {part: file.get_tensor(part) for part in ("images", "labels")}
    save_file({"pictures": arrays["images"], "labels": arrays["labels"]}, path, about)
    with pytest.raises(DataError, match=r"was kept by ConvScope 0\.1\. Delete it and upload the images again"):
        catalogue.load(name)


def altered(name: str, about=None, **tensors) -> None:
    """Changes the stored file."""
    path = catalogue.data_folder() / "uploads" / f"{name}.safetensors"
    with safe_open(path, framework="numpy") as file:
        metadata, arrays = file.metadata(), {part: file.get_tensor(part) for part in ("images", "labels")}
    changed = json.loads(metadata["about"]) | (about or {})
    save_file({**arrays, **tensors}, path, {"about": json.dumps(changed)})


def of_many_dimensions(name: str, count=104) -> None:
    """NumPy has 64; the header of a file can say any number."""
    path = catalogue.data_folder() / "uploads" / f"{name}.safetensors"
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header["images"]["shape"] += [1] * (count - 4)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])


DAMAGES = {
    "104 dimensions": of_many_dimensions,
    "another shape": lambda name: altered(name, {"shape": [1, 9, 9]}),
    "a shape of words": lambda name: altered(name, {"shape": ["a", "b", "c"]}),
    "another number": lambda name: altered(name, {"counts": 7}),
    "parts that are none": lambda name: altered(name, {"parts": {"train": [5, "x"]}}),
    "parts beyond the end": lambda name: altered(name, {"parts": {"train": [0, 99]}}),
    "no classes": lambda name: altered(name, {"class_names": []}),
    "fewer classes": lambda name: altered(name, {"class_names": ["cat"]}),
    "decimals": lambda name: altered(name, images=np.zeros((12, 1, 8, 8))),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_stored_set_that_was_altered_is_a_sentence(damage):
    name = catalogue.keep(read(two_classes()).dataset)
    damage(name)
    with pytest.raises(DataError, match=r"damaged|not written|cannot be used"):
        catalogue.load(name)
    assert "digits" in catalogue.names()


def test_a_set_gets_another_label_and_keeps_its_name():
    name = catalogue.keep(read(two_classes()).dataset)
    catalogue.rename(name, "  My <b>pets</b>  ")
    assert catalogue.describe(name).label == "My <b>pets</b> (own)"
    assert catalogue.load(name).counts("train").tolist() == [5, 5]


def test_a_deleted_set_is_gone():
    name = catalogue.keep(read(two_classes()).dataset)
    catalogue.delete(name)
    assert name not in catalogue.own_names()
    with pytest.raises(DataError, match="cannot be deleted"):
        catalogue.delete(name)


def test_classes_are_renamed_joined_and_left_out():
    data = read({f"{c}/{k}.png": drawn(40 * i + k) for i, c in enumerate("abc") for k in range(6)}).dataset
    renamed = uploads.with_classes(data, ["z", "b", "c"])
    assert renamed.class_names == ("b", "c", "z")
    assert levels(renamed)["z"] == levels(data)["a"]
    joined = uploads.with_classes(data, ["x ", "b", "x"])
    assert joined.class_names == ("b", "x")
    assert levels(joined)["x"] == sorted(levels(data)["a"] + levels(data)["c"])
    fewer = uploads.with_classes(data, ["a", "", "c"], "Others")
    assert (fewer.label, fewer.class_names, len(fewer.labels)) == ("Others", ("a", "c"), 12)
    assert {part: levels(fewer, part)["c"] for part in fewer.parts} == {p: levels(data, p)["c"] for p in data.parts}
    with pytest.raises(DataError, match="at least two classes"):
        uploads.with_classes(data, ["a", "a", ""])


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_that_can_be_no_file_is_a_sentence(name, tmp_path):
    with pytest.raises(DataError):
        uploads.inside(tmp_path, name)
