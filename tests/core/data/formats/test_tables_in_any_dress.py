"""The same table in any dress gives the same data set, or a sentence; never silently another one."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.data.dataset import DataError
from tests.support.uploads import read


def drawing(rng, shape) -> np.ndarray:
    """(C, H, W) uint8: smooth, from 0 to 255, with black at the borders."""
    channels, side, _ = shape
    x = np.linspace(-1, 1, side)
    blob = np.exp(-6 * ((x[:, None] - rng.uniform(-0.4, 0.4)) ** 2 + (x - rng.uniform(-0.4, 0.4)) ** 2))
    image = np.rint(255 * blob[None] / blob.max() * np.linspace(1, 0.3, channels)[:, None, None])
    image[:, 0, 0] = image[:, -1, -1] = 0
    return image.astype(np.uint8)


def images(count, shape=(1, 6, 6), seed=1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack([drawing(rng, shape) for _ in range(count)])


def plain(labels, pictures) -> bytes:
    """As Kaggle writes it; colours interleaved."""
    flat = np.moveaxis(pictures, 1, -1).reshape(len(pictures), -1)
    head = ["label", *(f"pixel{k}" for k in range(flat.shape[1]))]
    return "\n".join(
        ",".join(map(str, row)) for row in [head, *([k, *p] for k, p in zip(labels, flat, strict=True))]
    ).encode()


def same(one, other, within=0) -> bool:
    a, b = one.dataset, other.dataset
    return (
        a.class_names == b.class_names
        and (a.labels == b.labels).all()
        and np.abs(a.images.astype(int) - b.images).max() <= within
        and dict(a.parts) == dict(b.parts)
    )


PICTURES = images(24)
LABELS = [k % 3 for k in range(24)]
FLAT = PICTURES.reshape(24, -1)
USUAL = read(plain(LABELS, PICTURES), name="t.csv")
HEAD = ["label", *(f"pixel{k}" for k in range(36))]


def text(rows, sep=",", end="\n") -> str:
    return "".join(sep.join(map(str, row)) + end for row in rows)


ROWS = [[k, *p] for k, p in zip(LABELS, FLAT.tolist(), strict=True)]
hot = lambda label: [int(label == k) for k in range(3)]
LEXICAL = sorted(range(36), key=lambda k: f"pixel{k}")
DRESSES = {
    "label last": text([[*HEAD[1:], "label"], *([*row[1:], row[0]] for row in ROWS)]),
    "called target": text([["target", *HEAD[1:]], *ROWS]),
    "called anything": text([["fruit", *HEAD[1:]], *ROWS]),
    "semicolons": text([HEAD, *ROWS], ";", "\r\n"),
    "semicolons at the ends": text([[*HEAD, ""], *([*row, ""] for row in ROWS)], ";"),
    "told by Excel": "sep=;\n" + text([HEAD, *ROWS], ";"),
    "tabs": text([HEAD, *ROWS], "\t"),
    "bars": text([HEAD, *ROWS], "|"),
    "blanks": text([HEAD, *ROWS], " "),
    "old Mac": text([HEAD, *ROWS], ",", "\r"),
    "quotes": text([[f'"{field}"' for field in row] for row in [HEAD, *ROWS]]),
    "decimals": text([HEAD, *([f"{value}.0" for value in row] for row in ROWS)]),
    "decimal commas": text([HEAD, *([f"{value},0" for value in row] for row in ROWS)], ";"),
    "an index": text([["", *HEAD], *([k, *row] for k, row in enumerate(ROWS))]),
    "R": text([[f'"{name}"' for name in HEAD], *([f'"{k}"', *row] for k, row in enumerate(ROWS))]),
    "an id and a file": text([["id", "file", *HEAD], *([k + 7, f"{k}.png", *row] for k, row in enumerate(ROWS))]),
    "pandas numbers": text([["label", *range(36)], *ROWS]),
    "columns by their names": text([[row[0], *(row[k + 1] for k in LEXICAL)] for row in [HEAD, *ROWS]]),
    "rows and columns": text([["label", *(f"{r}x{c}" for r in range(1, 7) for c in range(1, 7))], *ROWS]),
    "one column per class": text([["is_0", "is_1", "is_2", *HEAD[1:]], *([*hot(r[0]), *r[1:]] for r in ROWS)]),
    "no names": text(ROWS),
    "no names, label last": text([[*row[1:], row[0]] for row in ROWS]),
    "no names, an index": text([[k, *row] for k, row in enumerate(ROWS)]),
    "no names, one column per class": text([[*r[1:], *hot(r[0])] for r in ROWS]),
    "0 to 1": text([HEAD, *([r[0], *(f"{v / 255:.5f}" for v in r[1:])] for r in ROWS)]),
    "-1 to 1": text([HEAD, *([r[0], *(f"{v / 127.5 - 1:.5f}" for v in r[1:])] for r in ROWS)]),
    "16 bits": text([HEAD, *([r[0], *(v * 257 for v in r[1:])] for r in ROWS)]),
    "empty lines": text([HEAD, *ROWS]).replace("\n", "\n\n"),
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_the_same_table_gives_the_same_data_set(dress, encoding):
    assert same(read(dress.encode(encoding), name="t.csv"), USUAL)


def test_words_are_labels_and_letters_count_from_one():
    words = read(text([HEAD, *(["ABC"[r[0]], *r[1:]] for r in ROWS)]).encode(), name="t.csv").dataset
    assert words.class_names == ("A", "B", "C") and (words.labels == USUAL.dataset.labels).all()
    numbers = read(text([HEAD, *([300 * r[0] + 8, *r[1:]] for r in ROWS)]).encode(), name="t.csv").dataset
    assert numbers.class_names == ("8", "308", "608")
    reading = read(text([HEAD, *([("cat", "Cat ", "dog")[r[0]], *r[1:]] for r in ROWS)]).encode(), name="t.csv")
    assert reading.dataset.class_names == ("Cat", "dog") or reading.dataset.class_names == ("cat", "dog")
    assert "written in" in reading.notes[0]


@pytest.mark.parametrize("form", ["{}", '"{}"', '"[{}]"'])
def test_all_pixels_in_one_field_as_in_fer2013(form):
    fields = [form.format(" ".join(map(str, row[1:]))) for row in ROWS]
    table = text([["emotion", " pixels"], *zip(LABELS, fields, strict=True)])
    assert same(read(table.encode(), name="t.csv"), USUAL)
    usages = [("Training", "PublicTest", "PrivateTest")[max(0, k - 21)] for k in range(24)]
    table = text([["emotion", " Usage", " pixels"], *zip(LABELS, usages, fields, strict=True)])
    data = read(table.encode(), name="t.csv").dataset
    assert {part: len(rows) for part, rows in data.parts.items()} == {"train": 22, "validation": 1, "test": 1}
    with pytest.raises(DataError, match="line 26: it has 37 pixels"):
        read(
            (text([["emotion", "pixels"], *zip(LABELS, fields, strict=True)]) + "1," + "5 " * 36 + "5").encode(),
            name="t.csv",
        )


def test_a_column_of_parts_is_kept():
    rows = [[("train", "test")[k % 4 == 0], *row] for k, row in enumerate(ROWS)]
    data = read(text([["split", *HEAD], *rows]).encode(), name="t.csv").dataset
    assert {part: len(rows) for part, rows in data.parts.items()} == {"train": 18, "test": 6}
    assert (data.images[18:, 0] == PICTURES[::4, 0]).all()


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("named", [False, True])
def test_colours_beside_each_other_or_one_after_another(planar, named):
    pictures = images(24, (3, 6, 6))
    flat = (pictures if planar else np.moveaxis(pictures, 1, -1)).reshape(24, -1)
    names = [f"{c}{k}" for c in "rgb" for k in range(36)] if planar else [f"{c}{k}" for k in range(36) for c in "rgb"]
    head = ["label", *(names if named else [f"p{k}" for k in range(108)])]
    data = read(
        text([head, *([k, *p] for k, p in zip(LABELS, flat.tolist(), strict=True))]).encode(), name="t.csv"
    ).dataset
    assert data.shape == (3, 6, 6)
    assert (np.sort(data.images.sum(axis=(1, 2, 3))) == np.sort(pictures.sum(axis=(1, 2, 3)))).all()
    assert {image.tobytes() for image in data.images} == {image.tobytes() for image in pictures}


REFUSED = {
    "an odd number of columns": (text([HEAD[:-1], *(row[:-1] for row in ROWS)]), "35 columns of pixels"),
    "no names and no square": (text([row[:-1] for row in ROWS]), "no first line with names, and 36 columns"),
    "no names and no label": (text([[*r[1:], k * 9 % 250] for k, r in enumerate(ROWS)]), "clearly the label"),
    "only pixels": (text([HEAD[1:], *(row[1:] for row in ROWS)]), "no column 'label'"),
    "numbers as names": (text([range(37), *ROWS]), "only numbers as names"),
    "a long line": (text([HEAD, *ROWS, [*ROWS[0], 5]]), "line 26: it has 38 fields"),
    "no number": (text([HEAD, *ROWS, [1, "nan", *ROWS[0][2:]]]), "line 26: 'nan' is not a number"),
    "no label": (text([HEAD, *ROWS, ["", *ROWS[0][1:]]]), "line 26: the label is missing"),
    "a number that is too large": (text([HEAD, *ROWS, [1, 999, *ROWS[0][2:]]]), "line 26: 999 is larger"),
    "two classes": (text([["is_a", "is_b", *HEAD[1:]], [1, 0, *ROWS[0][1:]], [1, 1, *ROWS[0][1:]]]), "line 3: 2 of"),
    "a spreadsheet": (b"PK\3\4" + bytes(50), "a zip or a spreadsheet"),
    "one column": ("label\n1\n2", "only one column"),
    "nothing": ("\n\n", "no lines"),
}  # fmt: skip


@pytest.mark.parametrize("content, words", REFUSED.values(), ids=REFUSED)
def test_a_table_that_is_not_understood_gets_a_sentence(content, words):
    with pytest.raises(DataError, match=words):
        read(content if isinstance(content, bytes) else content.encode(), name="t.csv")


@st.composite
def tables(draw):
    """A table in the usual dress and in a random one, and the accuracy that its numbers have."""
    shape = draw(st.sampled_from([(1, 4, 4), (1, 6, 6), (1, 9, 9), (3, 5, 5)]))
    count = draw(st.integers(8, 30))
    pictures = images(count, shape, draw(st.integers(0, 99)))
    kinds = draw(st.integers(2, 4))
    names = draw(st.sampled_from([range(kinds), range(1, kinds + 1), ["ä", "b", "c d", "e"], [300, 7, 256, 1000]]))
    labels = [names[k % kinds] for k in range(count)]
    flat = np.moveaxis(pictures, 1, -1).reshape(count, -1)
    values = draw(st.sampled_from(["{}", "{}.0", "unit", "signed"]))
    to_text = {"unit": lambda v: f"{v / 255:.6f}", "signed": lambda v: f"{v / 127.5 - 1:.6f}"}.get(
        values, values.format
    )
    rows = [[k, *map(to_text, p)] for k, p in zip(labels, flat.tolist(), strict=True)]
    head = [draw(st.sampled_from(["label", "class", "Target", "species"])), *(f"px_{k}" for k in range(flat.shape[1]))]
    rows = [head, *rows] if draw(st.booleans()) else rows
    if draw(st.booleans()):
        rows = [[*row[1:], row[0]] for row in rows]
    if draw(st.booleans()):
        rows = [["" if row[-1] in head or row[0] in head else k, *row] for k, row in enumerate(rows)]
    sep = draw(st.sampled_from([",", ";", "\t", ", "]))
    if draw(st.booleans()):
        rows = [[f'"{field}"' for field in row] for row in rows]
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return plain(labels, pictures), text(rows, sep, draw(st.sampled_from(["\n", "\r\n"]))).encode(encoding)


@given(tables())
@settings(max_examples=200, deadline=None)
def test_a_random_table_in_random_dress_is_read_as_the_same_or_refused(table):
    usual, dressed = table
    try:
        reading = read(dressed, name="t.csv")
    except DataError as refused:
        assert str(refused).endswith(".")
        return
    assert same(reading, read(usual, name="t.csv"))


def test_a_gzipped_table_is_named():
    with pytest.raises(DataError, match="gzip"):
        read(b"\x1f\x8b\x08" + bytes(50), name="t.csv")
