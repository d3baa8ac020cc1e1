"""Images of one's own in a folder on this computer: read as their zip would be, and nothing outside of it."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from core.data.dataset import DataError
from core.data.formats.archives import folder
from core.data.sources.uploads import read_inside, read_path
from tests.support.uploads import drawn, on_disk, read, two_classes


def test_a_folder_gives_what_its_zip_gives(tmp_path):
    root = on_disk(tmp_path / "animals", two_classes())
    ours, theirs = read_path(root, 8, 1).dataset, read(two_classes()).dataset
    assert_array_equal(ours.images, theirs.images)
    assert_array_equal(ours.labels, theirs.labels)


def test_links_in_a_folder_are_not_followed(tmp_path):
    root = on_disk(tmp_path / "animals", two_classes())
    (root / "cat" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "secret.png").write_bytes(drawn(77))
    (root / "bird").symlink_to(root / "cat")
    reading = read_path(root, 8, 1)
    assert reading.dataset.class_names == ("cat", "dog")
    assert len(reading.dataset.labels) == 12
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
    assert data.counts("train").tolist() == [30] * 7
    assert data.counts("test").tolist() == [10] * 7
    assert data.class_names == ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
    first = np.asarray(Image.open(sorted((root / "test" / "angry").iterdir())[0]))
    test = data.images[data.parts["test"].start :]
    assert (test[:, 0] == first).all(axis=(1, 2)).any(), "48x48 images are kept bit for bit"
