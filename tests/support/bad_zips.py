"""Zip files that must be refused, with the expected error message."""

import struct

from tests.support.uploads import drawn, packed_files, two_classes


def bomb() -> bytes:
    return packed_files({**two_classes(), "cat/bomb.bmp": bytes(60 * 2**20)})


def lying_about_its_size() -> bytes:
    """A zip whose entry claims 100 bytes but unpacks to a megabyte; the bytes after the first 100 are never read."""
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
    """A zip that claims 40 MB of names of files."""
    content = bytearray(packed_files(two_classes()))
    end = content.rfind(b"PK\5\6")
    content[end + 12 : end + 16] = struct.pack("<I", 40 * 2**20)
    return bytes(content)


REFUSED = {
    "nothing": (b"", "is empty"),
    "a text called zip": (b"hello", "is not a zip"),
    "a zip cut short": (packed_files(two_classes())[:-40], "cut short"),
    "a damaged list of contents": (
        packed_files(two_classes()).replace(b"PK\1\2", b"PKXX"),
        "not a readable zip",
    ),
    "an empty zip": (packed_files({}), "not a zip|no images in folders"),
    "no images": (packed_files({"a/x.txt": b"x", "b/y.txt": b"y"}), "no images in folders"),
    "no folders": (packed_files({"1.png": drawn(), "2.png": drawn()}), "no images in folders"),
    "one class": (packed_files({f"cat/{k}.png": drawn() for k in range(5)}), "only one class"),
    "only damaged images": (packed_files({"a/1.png": b"x", "b/1.png": b"y"}), "no readable images"),
    "a zip bomb": (bomb(), "zip bomb"),
    "a lie about its size": (lying_about_its_size(), "damaged inside the zip"),
    "a way up and out": (packed_files({**two_classes(), "../../evil/x.png": drawn()}), "points outside it"),
    "a way up with backslashes": (packed_files({**two_classes(), "..\\..\\x.png": drawn()}), "points outside it"),
    "an absolute path": (packed_files({**two_classes(), "/etc/x.png": drawn()}), "points outside it"),
    "a drive": (packed_files({**two_classes(), "C:/windows/x.png": drawn()}), "points outside it"),
    "a password": (locked(), "password"),
    "too many entries": (with_many_entries(), "list of contents of 40 MB"),
    "test images alone": (packed_files({f"test/{c}/1.png": drawn() for c in "ab"}), "none in a folder 'train'"),
}
