"""Values of pixels in any range become the grey levels that they were, and it is said."""

import io

import numpy as np
import pytest
from PIL import Image

from core.data.formats.image_file import opened
from core.data.formats.levels import levels_of
from tests.support.uploads import read


RANGES = {
    "0 and 1": ((0, 1, True), (0, 1)),
    "0 to 16": ((0, 16, True), (0, 16)),
    "dark bytes": ((0, 40, True), (0, 255)),
    "bytes": ((0, 255, True), (0, 255)),
    "10 bits": ((0, 1020, True), (0, 1023)),
    "12 bits": ((5, 4095, True), (0, 4095)),
    "16 bits": ((0, 65000, True), (0, 65535)),
    "integers": ((5, 248_000, True), (5, 248_000)),
    "a narrow range": ((1000, 1400, True), (1000, 1400)),
    "negative integers": ((-1000, 3000, True), (-1000, 3000)),
    "0 to 1": ((0.0, 0.97, False), (0, 1)),
    "-1 to 1": ((-1.0, 0.98, False), (-1, 1)),
    "decimals to 255": ((0.0, 254.5, False), (0, 255)),
    "standardised": ((-0.42, 2.8, False), (-0.42, 2.8)),
}


@pytest.mark.parametrize("of, ends", RANGES.values(), ids=RANGES)
def test_the_range_of_a_set_says_what_is_black_and_what_is_white(of, ends):
    levels = levels_of(*of)
    assert (levels.black, levels.white) == ends
    assert bool(levels.remark) == (ends != (0, 255) or not of[2])
    assert levels.applied(np.array(ends, dtype=float)).tolist() == [0, 255]
    assert levels.applied(np.array([(ends[0] + ends[1]) / 2])).tolist() in ([127], [128])


def encoded(image: Image.Image, form="PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def drawing(k: int) -> np.ndarray:
    """(16, 16) uint8, from 0 to 255: a bright bar somewhere."""
    image = np.zeros((16, 16), np.uint8)
    image[:, k % 12 : k % 12 + 3] = 255
    image[k % 5, :8] = 128
    return image


def rgba(ink: int):
    def make(a: np.ndarray) -> bytes:
        return encoded(Image.fromarray(np.dstack([np.full((16, 16, 3), ink, np.uint8), a])))

    return make


KINDS = {
    "16 bits": (lambda a: encoded(Image.fromarray(a.astype(np.uint16) * 257)), "16 bits"),
    "12 bits in 16": (lambda a: encoded(Image.fromarray((a * (4095 / 255)).astype(np.uint16))), "12 bits"),
    "8 bits in 16": (lambda a: encoded(Image.fromarray(a.astype(np.uint16))), "taken as grey levels"),
    "0 to 1": (lambda a: encoded(Image.fromarray((a / 255).astype(np.float32)), "TIFF"), "multiplied by 255"),
    "-1 to 1": (lambda a: encoded(Image.fromarray((a / 127.5 - 1).astype(np.float32)), "TIFF"), "from -1 to 1"),
    "0.0 to 255.0": (lambda a: encoded(Image.fromarray(a.astype(np.float32)), "TIFF"), "taken as grey levels"),
    "32 bits": (lambda a: encoded(Image.fromarray(a.astype(np.int32) * 1000), "TIFF"), "from 0 to 255000"),
    "palette": (lambda a: encoded(Image.fromarray(a).convert("P")), ""),
    "white ink on nothing": (rgba(255), "black background"),
}


def of_kind(make):
    return {f"{name}/{k}.png": make(drawing(k + n)) for n, name in enumerate("ab") for k in range(6)}


@pytest.mark.parametrize("make, words", KINDS.values(), ids=KINDS)
def test_images_of_every_kind_come_out_as_they_were_drawn(make, words):
    plain = read(of_kind(lambda a: encoded(Image.fromarray(a))), side=16).dataset
    reading = read(of_kind(make), side=16)
    assert np.abs(reading.dataset.images.astype(int) - plain.images).max() <= 1
    assert (reading.dataset.labels == plain.labels).all()
    assert words in " ".join(reading.remarks)
    assert not any("one colour" in remark for remark in reading.remarks)


def test_masks_of_0_and_1_are_black_and_white():
    reading = read(of_kind(lambda a: encoded(Image.fromarray((a > 200).astype(np.uint8)))), side=16)
    assert set(np.unique(reading.dataset.images)) == {0, 255}
    assert "the values 0 and 1" in reading.notes[0]


def test_dark_images_among_others_stay_dark():
    files = of_kind(lambda a: encoded(Image.fromarray(a))) | {"a/night.png": encoded(Image.fromarray(drawing(3) // 60))}
    reading = read(files, side=16)
    assert 4 in reading.dataset.images.max(axis=(1, 2, 3))
    assert reading.notes == ()


def test_black_and_white_ink_are_both_seen_on_grey():
    files = of_kind(rgba(255)) | {name.replace(".png", "b.png"): c for name, c in of_kind(rgba(0)).items()}
    reading = read(files, side=16)
    assert (np.ptp(reading.dataset.images.reshape(24, -1), axis=1) > 100).all()
    assert any("24 images transparent: put on a grey background" in note for note in reading.notes)


def test_a_single_image_with_white_ink_on_nothing_is_put_on_black():
    image, remarks = opened(rgba(255)(drawing(2)), "L")
    assert np.asarray(image).max() == 255 and np.asarray(image).min() == 0
    assert remarks == ["transparent: put on a black background"]


@pytest.mark.parametrize("ending", ["jfif", "jpe", "JPG", "jif"])
def test_less_usual_endings_of_jpeg_are_read(ending):
    files = {f"{c}/{k}.{ending}": encoded(Image.fromarray(drawing(k)), "JPEG") for c in "ab" for k in range(6)}
    assert read(files).dataset.counts("train").tolist() == [5, 5]


LEFT_OUT = {
    "HEIC": (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC photos"),
    "AVIF": (b"\0\0\0\x18ftypavif" + bytes(20), "AVIF photos"),
    "a film": (b"\0\0\0\x18ftypisom" + bytes(20), "a video"),
    "a web page": (b"\n<!DOCTYPE html><html>", "a web page"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "a Git LFS pointer"),
    "nothing": (b"", "empty"),
    "numbers that are none": (
        encoded(Image.fromarray(np.full((9, 9), np.nan, np.float32)), "TIFF"),
        "values that are no numbers",
    ),
}


@pytest.mark.parametrize("content, words", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_no_image_is_named_by_what_it_is(content, words):
    reading = read(of_kind(lambda a: encoded(Image.fromarray(a))) | {"a/x.jpg": content})
    ((reason, paths),) = reading.left_out.items()
    assert words in reason
    assert paths == ["a/x.jpg"]


def test_a_tiff_whose_second_page_is_damaged_is_read():
    two = encoded(Image.fromarray(drawing(1)), "TIFF", save_all=True, append_images=[Image.fromarray(drawing(2))])
    second = int.from_bytes(two[4:8], "little")
    entries = int.from_bytes(two[second : second + 2], "little")
    at = second + 2 + 12 * entries  # where the offset of the second page stands
    broken = two[:at] + (len(two)).to_bytes(4, "little") + two[at + 4 :] + b"\1\0" + bytes(16)
    reading = read(of_kind(lambda a: encoded(Image.fromarray(a))) | {"a/x.tif": broken})
    assert len(reading.dataset.labels) == 13
