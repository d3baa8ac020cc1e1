"""SVHN's full format: digits are cut from photographs by their boxes."""

import h5py
import numpy as np
import pytest
from PIL import Image

from core.data import catalogue
from core.data.dataset import DataError


def struct(path, photos: dict[str, list[tuple]]) -> None:
    """`photos`: {name: [(label, top, left, height, width)]}, as MATLAB 7.3 stores them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        names, boxes = [], []
        for number, (name, digits) in enumerate(photos.items()):
            letters = file.create_dataset(f"#refs#/name{number}", data=np.array([[ord(c)] for c in name], np.uint16))
            group = file.create_group(f"#refs#/box{number}")
            for place, field in enumerate(("label", "top", "left", "height", "width")):
                values = [float(digit[place]) for digit in digits]
                if len(values) == 1:
                    group[field] = np.array([values])
                else:
                    of = [
                        file.create_dataset(f"#refs#/{number}{field}{k}", data=[[v]]).ref for k, v in enumerate(values)
                    ]
                    group.create_dataset(
                        field, data=np.array([[ref] for ref in of], dtype=object), dtype=h5py.ref_dtype
                    )
            names.append([letters.ref])
            boxes.append([group.ref])
        for key, refs in (("name", names), ("bbox", boxes)):
            file.create_dataset(f"digitStruct/{key}", data=np.array(refs, dtype=object), dtype=h5py.ref_dtype)


def photo(path, boxes) -> None:
    """Grey, with each box filled with its own level."""
    pixels = np.full((100, 120, 3), 50, np.uint8)
    for label, top, left, height, width in boxes:
        pixels[top - 1 : top - 1 + height, left - 1 : left - 1 + width] = 20 * label
    Image.fromarray(pixels).save(path)


@pytest.fixture
def folder(data):
    two = [(10, 11, 21, 40, 40), (3, 11, 71, 40, 40)]
    one = [(7, 31, 31, 32, 16)]
    struct(data / "svhn/train/digitStruct.mat", {"1.png": two, "2.png": one, "3.png": one})
    struct(data / "svhn/test/digitStruct.mat", {"1.png": one})
    photo(data / "svhn/train/1.png", two)
    photo(data / "svhn/train/2.png", one)
    photo(data / "svhn/test/1.png", one)
    return data / "svhn"


def test_digits_are_cut_by_their_boxes(folder):
    assert "svhn-boxes" in catalogue.names()
    dataset = catalogue.load("svhn-boxes")
    assert dataset.labels.tolist() == [0, 3, 7, 7]
    assert dict(dataset.parts) == {"train": range(3), "test": range(3, 4)}
    assert (dataset.images[0] == 200).all() and (dataset.images[1] == 60).all()
    assert (dataset.images[2, :, :, 9:23] == 140).all(), "the box is half as wide as high, and in the middle"
    assert (dataset.images[2, :, :, :7] == 50).all() and (dataset.images[2, :, :, 25:] == 50).all()
    assert dataset.remark == "Photographs of the list that are missing or damaged: 1."


def test_a_wrong_list_is_a_sentence(folder):
    path = folder / "test" / "digitStruct.mat"
    for photos in ({"../1.png": [(1, 1, 1, 5, 5)]}, {"1.png": [(11, 1, 1, 5, 5)]}, {"1.png": [(1, 1, 1, 0, 0)]}):
        struct(path, photos)
        with pytest.raises(DataError, match="is not SVHN's digitStruct"):
            catalogue.load("svhn-boxes")
    path.write_bytes(b"no HDF5 at all")
    with pytest.raises(DataError, match="is not SVHN's digitStruct"):
        catalogue.load("svhn-boxes")
