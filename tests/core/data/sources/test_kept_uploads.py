"""Data sets of one's own that are kept: found again by their name, also by another process, or missed in a sentence."""

import subprocess
import sys

import pytest
from numpy.testing import assert_array_equal
from safetensors import safe_open
from safetensors.numpy import save_file

from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.archives import zipped
from core.data.formats.image_folders import read_folders
from core.data.sources import uploads
from tests.support.uploads import drawn, packed_files, read, two_classes


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
