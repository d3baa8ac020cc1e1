"""Trees of folders as people pack them: understood, left out with a reason, or refused; never silently different."""

import unicodedata
from collections import defaultdict
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given, settings

from core.data.dataset import DataError
from core.data.formats.class_names import cleaned, in_order, one_spelling
from core.data.formats.label_table import label_table
from core.data.formats.tree import labels_in_names, part_named, plan
from tests.support.random_trees import trees


def understood(*paths: str, tables=(), inner=False):
    """{part: {class: number of images}}, and the plan."""
    result = plan(map(PurePosixPath, paths), "mine", tables, inner)
    counts = defaultdict(lambda: defaultdict(int))
    for one in result.placed:
        counts[one.part][one.label] += 1
    return {part: dict(classes) for part, classes in counts.items()}, result


def images(folder: str, count: int, name="{}.png") -> list[str]:
    return [f"{folder}/{name.format(k)}" for k in range(count)]


@pytest.mark.parametrize(
    "name, part",
    [
        *[(name, "train") for name in ("train", "Training", "seg_train", "training_set", "train1", "Training Data")],
        *[(name, "train") for name in ("trainset", "TrainImages", "trainval", "train_val", "Trainingsdaten", "TRAIN ")],
        *[
            (name, "validation")
            for name in ("val", "valid", "Validation", "dev", "valid_1", "validation-set", "evalset")
        ],
        *[(name, "test") for name in ("test", "seg_test", "Test Data", "test1", "testing", "TestBilder", "holdout")],
        *[("PublicTest", "validation"), ("PrivateTest", "test")],
        *[(name, "") for name in ("trains", "value", "valve", "devon rex", "testudo", "train_test", "seg_pred", "cat")],
    ],
)
def test_parts_are_known_by_their_usual_names(name, part):
    assert part_named(name) == part


def test_split_folders_of_any_name_doubled_or_not_are_no_classes():
    paths = [
        path
        for part, n in (("seg_train", 4), ("seg_test", 2))
        for c in "ab"
        for path in images(f"{part}/{part}/{c}", n)
    ]
    counts, result = understood(*paths, *images("seg_pred/seg_pred", 3))
    assert counts == {"train": {"a": 4, "b": 4}, "test": {"a": 2, "b": 2}}
    assert {reason: len(paths) for reason, paths in result.left_out.items()} == {"beside the folders of the parts": 3}


@pytest.mark.parametrize("stray", ["shapes/preview.png", "sample.jpg", "shapes/results/loss.png", "results/loss.png"])
def test_loose_images_and_results_are_left_out(stray):
    paths = [path for c in ("ring", "cross") for path in images(f"shapes/{c}", 3)]
    counts, result = understood(*paths, stray)
    assert counts == {"": {"ring": 3, "cross": 3}}
    assert [str(path) for paths in result.left_out.values() for path in paths] == [stray]


def test_a_collection_beside_something_else_is_entered():
    paths = [path for c in ("ring", "cross") for path in images(f"My_Dataset/{c}", 3)]
    assert understood(*paths, *images("about", 5))[0] == {"": {"ring": 3, "cross": 3}}


def test_the_second_copy_of_a_doubled_tree_is_left_out():
    paths = [path for root in ("flowers", "flowers/flowers") for c in "abc" for path in images(f"{root}/{c}", 2)]
    counts, result = understood(*paths)
    assert counts == {"": {"a": 2, "b": 2, "c": 2}}
    assert len(result.left_out["in a second copy of the folders"]) == 6


def test_a_class_may_be_called_train():
    counts, result = understood(*images("car", 3), *images("train", 3), *images("bus", 3))
    assert counts == {"": {"car": 3, "train": 3, "bus": 3}}
    assert "Taken as a class" in result.remarks[0]


def test_a_part_with_one_class_keeps_it():
    counts, _ = understood(*images("train/a", 3), *images("train/b", 3), *images("test/a", 3))
    assert counts == {"train": {"a": 3, "b": 3}, "test": {"a": 3}}


def test_classes_outside_and_parts_inside():
    counts, _ = understood(*images("a/train", 3), *images("a/test", 1), *images("b/train", 2))
    assert counts == {"train": {"a": 3, "b": 2}, "test": {"a": 1}}


def test_a_validation_part_inside_the_training_part():
    paths = [path for part in ("train/train", "train/val", "test") for c in "ab" for path in images(f"{part}/{c}", 2)]
    assert understood(*paths)[0] == {part: {"a": 2, "b": 2} for part in ("train", "validation", "test")}


def test_classes_beside_a_test_part_are_trained_with():
    counts, result = understood(*images("a", 3), *images("b", 3), *images("test/a", 1), *images("test/b", 1))
    assert counts == {"train": {"a": 3, "b": 3}, "test": {"a": 1, "b": 1}}
    assert "taken as the training part" in result.remarks[0]


@pytest.mark.parametrize(
    "paths, counts",
    [
        (
            [f"{part}/{c}/1.png" for part in ("rps", "rps-test-set") for c in ("rock", "paper")],
            {"train": {"rock": 1, "paper": 1}, "test": {"rock": 1, "paper": 1}},
        ),
        (
            [f"{part}_{c}/1.png" for part in ("train", "test") for c in ("cats", "dogs")],
            {"train": {"cats": 1, "dogs": 1}, "test": {"cats": 1, "dogs": 1}},
        ),
        (
            [f"{part}/{c}_{part}/1.png" for part in ("train", "test") for c in ("cats", "dogs")],
            {"train": {"cats": 1, "dogs": 1}, "test": {"cats": 1, "dogs": 1}},
        ),
        (
            [f"{part}{c}/1.png" for part in ("train", "test") for c in "AB"],
            {"train": {"A": 1, "B": 1}, "test": {"A": 1, "B": 1}},
        ),
        (
            [f"{part}/{c}/1.png" for part in ("tr", "te") for c in ("cats", "dogs")],
            {"train": {"cats": 1, "dogs": 1}, "test": {"cats": 1, "dogs": 1}},
        ),
        (
            [f"{root}/{c}/1.png" for root in ("data/pets", "pets") for c in ("cats", "dogs")],
            {"": {"cats": 1, "dogs": 1}},
        ),
        (
            [f"p/{c}/{k}.png" for c in ("dataset/cats", "dataset/dogs") for k in range(4)]
            + ["p/static/a/1.png", "p/static/b/1.png"],
            {"": {"cats": 4, "dogs": 4}},
        ),
    ],
)
def test_less_usual_trees_are_understood_too(paths, counts):
    assert understood(*paths)[0] == counts


def test_other_words_in_the_names_of_parts_are_no_classes():
    paths = [f"{part}/{c}.{k}.jpg" for part in ("kaggle_train", "final_test") for c in ("cat", "dog") for k in range(2)]
    assert understood(*paths)[0] == {"train": {"cat": 2, "dog": 2}, "test": {"cat": 2, "dog": 2}}


def test_the_same_folders_inside_all_raise_a_question_and_can_be_the_classes():
    paths = [path for outer in ("indoor", "outdoor") for c in ("cat", "dog") for path in images(f"{outer}/{c}", 2)]
    counts, result = understood(*paths)
    assert counts == {"": {"indoor": 4, "outdoor": 4}}
    assert result.ambiguous and "are those the classes?" in result.remarks[0]
    assert understood(*paths, inner=True)[0] == {"": {"cat": 4, "dog": 4}}


def test_numbered_folds_are_put_together():
    paths = [path for k in range(3) for c in ("cat", "dog") for path in images(f"fold{k}/{c}", 2)]
    assert understood(*paths)[0] == {"": {"cat": 6, "dog": 6}}


def test_the_class_in_the_name_of_the_file():
    counts, result = understood(
        *images("train", 4, "cat.{}.jpg"), *images("train", 4, "dog.{}.jpg"), *images("test1", 3)
    )
    assert counts == {"train": {"cat": 4, "dog": 4}}
    assert sum(map(len, result.left_out.values())) == 3
    assert labels_in_names([PurePosixPath(f"IMG_{k}.jpg") for k in range(4)]) == {}
    assert labels_in_names([PurePosixPath(f"{n}_{k}.jpg") for n in ("IMG", "DSC") for k in range(4)]) == {}
    assert set(
        labels_in_names([PurePosixPath(f"{n} ({k}).jpg") for n in ("a cat", "dog") for k in (1, 2)]).values()
    ) == {
        "a cat",
        "dog",
    }


@pytest.mark.parametrize(
    "table, name",
    [
        ("id,breed\n{}", "{0},{1}"),
        ("filename;label\n{}", "{0}.png;{1}"),
        ("filename,cat,dog\n{}", "pictures/{0}.png,{2},{3}"),
        ("\ufefflabel,image\n{}", "{1},./pictures/{0}.png"),
    ],
)
def test_a_table_beside_the_images_names_their_classes(table, name):
    paths = [PurePosixPath(f"pictures/{k}.png") for k in range(6)]
    rows = "\n".join(name.format(k, ("cat", "dog")[k % 2], 1 - k % 2, k % 2) for k in range(5))
    labels = label_table(PurePosixPath("labels.csv"), table.format(rows).encode(), paths)
    counts, result = understood(*map(str, paths), tables=[labels])
    assert counts == {"": {"cat": 3, "dog": 2}}
    assert {reason: list(map(str, paths)) for reason, paths in result.left_out.items()} == {
        "without a label in the table": ["pictures/5.png"]
    }


@pytest.mark.parametrize(
    "paths, words",
    [
        (
            [*images("train/a/x", 2), *images("train/b/x", 2), *images("more/a", 2), *images("more/b", 2)],
            "same folders",
        ),
        ([*images("test/a", 2), *images("test/b", 2), *images("some/x", 2)], "none to train with"),
        ([f"{d}/{p}/{c}/1.png" for d in ("x", "y") for p in ("train", "test") for c in "ab"], "several data sets"),
        ([*images("test/train/a", 2), *images("train/a", 2)], "inside one for the test part"),
    ],
)
def test_what_cannot_be_understood_is_refused(paths, words):
    with pytest.raises(DataError, match=words):
        understood(*paths)


def test_names_that_look_alike_are_one_class_and_letters_keep_their_case():
    nfd = unicodedata.normalize("NFD", "Äpfel")
    spelling, remarks = one_spelling(["Äpfel", "Äpfel", nfd, "Birne ", "\u200bbirne", "Birne"])
    assert spelling == {"Äpfel": "Äpfel", nfd: "Äpfel", "Birne ": "Birne", "\u200bbirne": "Birne", "Birne": "Birne"}
    assert len(remarks) == 2
    assert understood(*images("A", 2), *images("a", 2), *images("b", 2))[0] == {"": {"A": 2, "a": 2, "b": 2}}
    assert understood(*images("train/A", 2), *images("train/b", 2), *images("test/a", 2))[0] == {
        "train": {"A": 2, "b": 2},
        "test": {"A": 2},
    }
    assert cleaned("c\u0007a\u200bt\u00a0 ") == "cat"


def test_numbers_are_in_their_order():
    assert in_order(["10", "9", "1", "-2"]) == ("-2", "1", "9", "10")
    assert in_order(["week 10", "week 9", "b", "a"]) == ("a", "b", "week 9", "week 10")


# --- random trees -----------------------------------------------------------------------------------------------------


@given(trees())
@settings(max_examples=400, deadline=None)
def test_a_random_tree_is_read_as_what_it_was_made_from_or_refused(tree):
    stray, truth = tree
    paths = [*stray, *(path for paths in truth.values() for path in paths)]
    assume(len(set(paths)) == len(paths))
    try:
        result = plan(paths, "mine")
    except DataError:
        return
    found = defaultdict(set)
    for one in result.placed:
        found[one.part, cleaned(one.label).casefold()].add(one.path)
    left = {path for paths in result.left_out.values() for path in paths}
    if not result.ambiguous:
        assert {key: set(paths) for key, paths in found.items()} == {
            (part, cleaned(name).casefold()): paths - left for (part, name), paths in truth.items() if paths - left
        }
    assert left | {one.path for one in result.placed} == set(paths), "each image has a place or a reason"


@given(trees())
@settings(max_examples=200, deadline=None)
def test_hardly_any_random_tree_is_refused_or_left_out(tree):
    stray, truth = tree
    result = plan([*stray, *(path for paths in truth.values() for path in paths)], "mine")
    assert sum(map(len, result.left_out.values())) == len(stray)
