"""Zips as other programs make them: read, or refused in a sentence that names what is wrong with this one."""

import gzip
import io
import struct
import warnings
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.data.dataset import DataError
from core.data.formats import archives
from tests.support.uploads import drawn, packed_files, read, two_classes


def sections(content: bytes) -> tuple[int, int, int, int]:
    """Where the end record is, and its number of entries, size and start of the list of contents."""
    end = content.rfind(b"PK\5\6")
    return end, *struct.unpack_from("<HII", content, end + 10)


def zip64(content: bytes, *fields: int, length: int | None = None) -> bytes:
    """The same zip with a ZIP64 record, and these fields in the usual one."""
    end, count, size, start = sections(content)
    length = size if length is None else length
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, length, start)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, end, 1)
    return content[:end] + record + locator + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, fields[0], *fields, 0)


def by_method(number: int) -> bytes:
    content = bytearray(packed_files(two_classes()))
    for mark, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            struct.pack_into("<H", content, start + at, number)
            start += 4
    return bytes(content)


PLAIN = packed_files(two_classes())


@pytest.mark.parametrize("fields", [(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), (*sections(PLAIN)[1:3], 0xFFFFFFFF)])
def test_a_small_zip64_is_read(fields):
    assert len(read(zip64(PLAIN, *fields)).dataset.labels) == 12


def test_a_long_list_of_contents_is_refused_by_what_python_will_read():
    with pytest.raises(DataError, match="list of contents of 64 MB"):
        read(zip64(PLAIN, 12, 900, 0xFFFFFFFF, length=64 * 2**20))


@pytest.mark.parametrize("number, name", [(9, "Deflate64"), (93, "Zstandard"), (98, "PPMd"), (77, "number 77")])
def test_a_method_that_cannot_be_unpacked_is_named(number, name):
    with pytest.raises(DataError, match=f"method that this cannot unpack .{name}"):
        read(by_method(number))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_are_read(method):
    assert len(read(packed_files(two_classes(), method)).dataset.labels) == 12


def test_colons_and_backslashes_in_names_are_read():
    assert read({f"label:{name}": c for name, c in two_classes().items()}).dataset.class_names == (
        "label:cat",
        "label:dog",
    )
    assert read({name.replace("/", "\\"): c for name, c in two_classes().items()}).dataset.classes == 2


@pytest.mark.parametrize("written", ["utf-8", "cp437"])
def test_umlauts_without_a_mark_are_read(written):
    content = packed_files({name.replace("cat", "KXXrbis"): data for name, data in two_classes().items()})
    umlaut = "ü".encode(written).ljust(2, b"_")
    assert (
        read(content.replace(b"KXXrbis", b"K" + umlaut + b"rbis")).dataset.class_names[0]
        == {
            "utf-8": "Kürbis",
            "cp437": "Kü_rbis",
        }[written]
    )


def test_a_name_that_is_there_twice_counts_once():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            for name, data in two_classes().items():
                archive.writestr(name, data)
    reading = read(content.getvalue())
    assert len(reading.dataset.labels) == 12
    assert {reason: len(files) for reason, files in reading.left_out.items()} == {
        "stored a second time under the same name": 12
    }


@pytest.mark.parametrize(
    "content, words",
    [
        (b"Rar!\x1a\7\1\0" + bytes(50), "a RAR archive"),
        (b"\x1f\x8b\x08" + bytes(50), r"a \.gz or \.tgz archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "a 7z archive"),
        (bytes(257) + b"ustar" + bytes(50), "a tar archive"),
        (drawn(), "a single PNG image"),
        (packed_files({"train.zip": PLAIN, "test1.zip": PLAIN, "sub.csv": b"id\n"}), r"train\.zip, test1\.zip"),
        (packed_files({f"{k}.png": drawn(k) for k in range(5)}), "all these folders into one .zip"),
        (packed_files({f"cat/{k}.heic": b"x" for k in range(5)}), "Save them as JPEG"),
    ],
)
def test_what_is_no_zip_of_folders_is_named(content, words):
    with pytest.raises(DataError, match=words):
        read(content)


def rows(count: int, labels=True) -> bytes:
    pixels = [(k * np.arange(16) * 7 % 256).tolist() for k in range(count)]
    head = ["label", *(f"pixel{k}" for k in range(16))]
    table = [head, *([k % 2, *p] for k, p in enumerate(pixels))]
    return "\n".join(",".join(map(str, row[0 if labels else 1 :])) for row in table).encode()


def test_the_table_in_a_zip_is_read_and_others_are_named():
    files = {"train.csv": rows(12), "test.csv": rows(6, labels=False), "sample_submission.csv": b"ImageId,Label\n1,0"}
    reading = read(packed_files(files))
    assert reading.dataset.label == "animals"
    assert len(reading.dataset.labels) == 12
    assert "Read from train.csv inside." in reading.notes
    assert sorted(reading.left_out.values()) == [["sample_submission.csv"], ["test.csv"]]


def test_a_training_and_a_test_table_are_two_parts():
    data = read(packed_files({"mnist_train.csv": rows(12), "mnist_test.csv": rows(6)})).dataset
    assert {part: len(rows) for part, rows in data.parts.items()} == {"train": 12, "test": 6}


def test_a_gzipped_table_is_read():
    assert len(read(gzip.compress(rows(12)), name="t.csv.gz").dataset.labels) == 12
    with pytest.raises(DataError, match="gzip stream"):
        read(gzip.compress(rows(12))[:-20], name="t.csv.gz")


def test_several_tables_are_a_question():
    with pytest.raises(DataError, match="several tables"):
        read(packed_files({"a.csv": rows(12), "b.csv": rows(12)}))
    with pytest.raises(DataError, match="no column 'label'"):
        read(packed_files({"a.csv": rows(12, labels=False)}))


def test_tens_of_thousands_of_images_are_no_reason_to_refuse():
    """FER2013 as folders has 35,887, MNIST 70,000: bytes are counted, not files."""
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "PPM")
    images = {f"{name}/{k}.pgm": file.getvalue() for name in "ab" for k in range(11_000)}
    assert len(read(packed_files(images, zipfile.ZIP_STORED)).dataset.labels) == 22_000
    assert not hasattr(archives, "MOST_FILES")
