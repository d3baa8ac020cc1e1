"""Random trees of classes and parts, written under random conventions."""

import unicodedata
from collections import defaultdict
from pathlib import PurePosixPath

from hypothesis import strategies as st

from core.data.formats.tree import COLLECTIONS, NO_CLASSES, NUMBERED, PERHAPS_RESULTS, RESULTS, part_named


ALIASES = {
    "train": ("train", "Training", "seg_train", "training_set", "train1", "Train Data", "TRAIN"),
    "validation": ("val", "valid", "Validation", "dev", "seg_val", "validation set"),
    "test": ("test", "Testing", "seg_test", "test_set", "test1", "Test Data"),
}
SPELLINGS = (
    lambda name: name,
    str.upper,
    str.title,
    lambda name: name + " ",
    lambda name: "\u200b" + name,
    lambda name: unicodedata.normalize("NFD", name),
)
KNOWN = (RESULTS, PERHAPS_RESULTS, COLLECTIONS, NUMBERED)


@st.composite
def trees(draw):
    """Paths, and {(part, class): the paths that belong there}."""
    letters = st.text("abcdefgijkopqrstuvwäöüé", min_size=3, max_size=7)
    fine = letters.filter(lambda name: not part_named(name) and name not in NO_CLASSES).filter(
        lambda name: not any(it.fullmatch(name) for it in KNOWN)
    )
    names = draw(st.lists(fine, min_size=2, max_size=5, unique_by=str.casefold))
    parts = draw(st.sampled_from([("",), ("train",), ("train", "test"), ("train", "validation", "test")]))
    shape = draw(st.sampled_from(["folders", "names"] if parts == ("",) else ["folders", "names", "classes outside"]))
    wrap = "".join(
        f"{draw(letters.filter(lambda name: not part_named(name)))}/" for _ in range(draw(st.integers(0, 2)))
    )
    inner = draw(st.sampled_from(["", "", "images/", "deep/er/"])) if shape == "folders" else ""
    truth = defaultdict(set)
    for part in parts:
        folder = draw(st.sampled_from(ALIASES[part])) + "/" if part else ""
        doubled = folder * draw(st.sampled_from([1, 1, 2])) if shape != "classes outside" else folder
        spelt = draw(st.sampled_from(SPELLINGS)) if shape != "classes outside" else SPELLINGS[0]
        least = 2 if len(parts) == 1 else 1
        left = draw(st.lists(st.sampled_from(names), min_size=least, unique=True)) if part else names
        for name in names if part in ("", "train") else left:
            for k in range(draw(st.integers(2, 4))):
                written = spelt(name)
                path = {
                    "folders": f"{wrap}{doubled}{written}/{inner}{k}.png",
                    "names": f"{wrap}{doubled}{written}.{k}.png",
                    "classes outside": f"{wrap}{written}/{folder}{k}.png",
                }[shape]
                truth[part, name].add(PurePosixPath(path))
    stray = []
    if shape == "folders" and draw(st.booleans()):
        stray = [draw(st.sampled_from([f"{wrap}cover.png", f"{wrap}results/loss.png", "preview.png"]))]
    return [*map(PurePosixPath, stray)], dict(truth)
