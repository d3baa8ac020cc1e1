"""The Data page by itself: what is chosen is what the network sees, and what is wrong is said."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from streamlit.testing.v1 import AppTest

from core.data import catalogue
from core.data.preparation.augmentation import Rotate, Shift
from core.data.preparation.class_imbalance import Counts, LongTail, Shares
from core.data.preparation.class_resampling import NoisyCopies, Oversample, TransformedCopies, Undersample
from core.data.preparation.scaling import PerChannel, PerPixel
from core.data.prepared import prepare
from core.data.preview import beginning, look
from core.data.recipe import DataRecipe
from core.figures.montage import stretched
from pages.parts.data.preparation_pickers import TRANSFORMS, counts_of, counts_text
from tests.support.apps import ROOT, begins, errors, ran, unfolded, words
from tests.support.mnist_files import FILES
from tests.support.uploads import packed_files, put, read, two_classes


pytestmark = pytest.mark.usefixtures("no_processes")


def visit() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    return ran(app.switch_page("pages/lab/data.py").run())


def draft(app):
    return app.session_state["lab"].draft


def typed(app, start, text):
    return ran(app.text_input(key=begins(app, start, "text_input")).set_value(text).run())


def test_counts_scaling_and_wrong_labels_go_into_the_recipe_and_the_page_shows_what_came_of_them():
    app = typed(visit(), "train-", "500")
    app = typed(app, "noise-", "0.25")
    app = ran(app.selectbox(key=begins(app, "scaling-", "selectbox")).set_value("global").run())
    recipe = draft(app).check().experiment.data
    assert recipe.train == 500
    assert recipe.label_noise == 0.25
    assert recipe.scaling.kind == "global"
    result = look(catalogue.load("digits"), recipe, draft(app).seed)
    assert f"{result.wrong_count:,} of 500 training images" in words(app)
    assert result.formula in words(app)
    assert "labelled" in "".join(str(html.proto.body) for html in app.get("html"))


def test_wrong_labels_and_one_pixel_shifts_have_formulas_with_the_numbers_as_they_are():
    app = typed(typed(visit(), "train-", "500"), "noise-", "0.25")
    assert r"P(k) = 0.25 / (10 - 1) = 0.0278" in words(app)
    assert r"r\,n = 0.25 \cdot 500 = 125$" in words(app)
    assert r"N = 5 \cdot" not in words(app)
    app = ran(app.selectbox(key=begins(app, "expansion-", "selectbox")).set_value("one_pixel_shifts").run())
    assert r"N = 5 \cdot 500 = 2500" in words(app)
    app = typed(typed(app, "noise-", "some"), "train-", "many")
    assert "P(k)" not in words(app) and r"N = 5 \cdot n" in words(app), "only what is a number stands in a formula"


def test_floor_and_epsilon_have_fields_and_another_scaling_does_not_lose_them():
    app = visit()
    draft(app).data["scaling"] = {"kind": "per_pixel", "floor": 20.0}  # as an older JSON has it
    app = ran(app.run())
    picker = lambda: app.selectbox(key=begins(app, "scaling-", "selectbox"))
    assert app.text_input(key=begins(app, "scaling-floor", "text_input")).value == "20"
    ran(picker().set_value("unit").run())
    assert draft(app).check().experiment.data.scaling.kind == "unit"
    assert r"\dfrac{x}{255}" in words(app)
    ran(picker().set_value("per_pixel").run())
    assert draft(app).check().experiment.data.scaling == PerPixel(floor=20)
    typed(app, "scaling-epsilon", "0.001")
    typed(app, "scaling-floor", "0")
    assert draft(app).check().experiment.data.scaling == PerPixel(floor=0, epsilon=0.001)
    assert "s_{i,j} + 0.001" in words(app)
    assert any("pixels have standard deviation 0" in warning.value for warning in app.warning)
    typed(app, "scaling-epsilon", "0")
    assert "floor and epsilon are both 0" in words(app)


def test_counts_per_class_may_be_one_number_or_one_for_each():
    app = typed(visit(), "per-class-", "20")
    assert draft(app).check().experiment.data.per_class == (20,)
    app = typed(app, "per-class-", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10")
    assert draft(app).check().experiment.data.per_class == tuple(range(1, 11))
    app = typed(app, "per-class-", "")
    assert draft(app).check().experiment.data.per_class is None
    assert errors(app) == ""


@pytest.mark.parametrize(
    "field, text, said",
    [
        ("per-class-", "1, 2", "2 counts per class"),
        ("per-class-", "9999", "needs 9,999"),
        ("per-class-", "many", "enter one number"),
        ("train-", "99999", "99,999"),
        ("noise-", "2", "labels: must be at most 1"),
        ("noise-", "some", "enter a number"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_kept_as_it_was_typed(field, text, said):
    app = typed(visit(), field, text)
    assert said in errors(app)
    assert app.text_input(key=begins(app, field, "text_input")).value == text


def test_transforms_are_added_changed_and_removed():
    app = visit()
    for kind in ("shift", "rotate"):
        app.selectbox(key="new-transform").set_value(kind).run()
        app = ran(app.button(key="add-transform").click().run())
    assert draft(app).check().experiment.data.augmentation == (Shift(), Rotate())
    app = typed(app, "pixels-0-", "5")
    assert draft(app).check().experiment.data.augmentation[0] == Shift(pixels=5)
    assert "up to 5 pixels" in words(app)
    assert r"|a|, |b| \le 5" in words(app)
    app = typed(app, "degrees-1-", "-3")
    assert "at least 0" in errors(app)
    app = ran(app.button(key=begins(app, "remove-1-", "button")).click().run())
    assert draft(app).check().experiment.data.augmentation == (Shift(pixels=5),)
    assert errors(app) == ""


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_every_transform_is_offered_and_can_be_looked_at(kind):
    app = visit()
    app.selectbox(key="new-transform").set_value(kind).run()
    app = ran(app.button(key="add-transform").click().run())
    assert draft(app).check().experiment.data.augmentation[0].kind == kind
    assert errors(app) == ""


@pytest.mark.parametrize("name", catalogue.SOURCES)
def test_every_data_set_is_shown_or_says_what_it_needs(name):
    if not catalogue.missing(name):
        catalogue.load(name)  # what is drawn takes some seconds, once
    app = visit()
    app = ran(app.selectbox(key="data").set_value(name).run())
    if catalogue.missing(name):
        assert catalogue.missing(name) in [warning.value for warning in app.warning]
    else:
        assert errors(app) == ""
        assert "Input values" in [header.value for header in app.header]


def test_an_upload_becomes_the_chosen_data_set_and_says_what_was_left_out():
    app = visit()
    content = packed_files({**two_classes(20), "cat/notes.txt": b"words"})
    app = ran(app.get("file_uploader")[0].upload("animals.zip", content, "application/zip").run())
    app = ran(app.button(key="make-set").click().run())
    assert errors(app) == ""
    assert draft(app).data["name"].startswith("own-animals-")
    assert any("cat/notes.txt" in info.value.replace("\\", "") for info in app.info)
    assert draft(app).shape == (1, 28, 28)


def uploaded(content: bytes, name="animals.zip") -> AppTest:
    return ran(visit().get("file_uploader")[0].upload(name, content, "application/zip").run())


def test_before_anything_is_created_the_page_shows_what_was_understood():
    files = {f"train/{name}": content for name, content in two_classes(20).items()}
    app = uploaded(packed_files({**files, "train/cat/page.png": b"<html>", "loss.png": b""}))
    assert [header.value for header in app.header][:1] == ["Preview: nothing is created yet"]
    assert "40 images, 28 × 28 px, grey, of 2 classes: 40 training, 0 validation, 0 test." in words(app)
    warnings = " ".join(warning.value for warning in app.warning)
    assert "no test part" in warnings and "one colour only" in warnings
    left_out = app.dataframe[0].value
    assert list(left_out["files"]) == [1, 1]
    assert any("a web page" in reason for reason in left_out["reason"])
    assert catalogue.own_names() == []
    app = ran(app.button(key="discard-set").click().run())
    assert [header.value for header in app.header][:1] == ["Images"]
    assert catalogue.own_names() == []


def test_a_bad_file_is_a_sentence_and_the_panel_stays_open():
    app = uploaded(b"Rar!\x1a\x07" + bytes(30))
    assert "a RAR archive" in errors(app)
    assert app.button(key="read-path")


def test_where_all_folders_hold_the_same_the_inner_ones_can_be_the_classes():
    files = {f"{a}/{name}": content for a in ("indoor", "outdoor") for name, content in two_classes(8).items()}
    app = uploaded(packed_files(files))
    assert "are those the classes" in words(app)
    app = ran(app.toggle(key="upload-inner").set_value(True).run())
    app = ran(app.button(key="make-set").click().run())
    assert catalogue.describe(draft(app).data["name"]).class_names == ("cat", "dog")


def test_an_own_set_is_looked_through_renamed_and_deleted():
    name = catalogue.keep(read(two_classes(80)).dataset)
    app = visit()
    app = ran(app.selectbox(key="data").set_value(name).run())
    app = unfolded(app, "browse")
    assert "Images 1 to 60 of 134." in words(app)
    app = ran(app.number_input(key=f"browse-page-{name}--1-train").set_value(3).run())
    assert "Images 121 to 134 of 134." in words(app)
    app = ran(app.selectbox(key=f"browse-class-{name}").set_value(1).run())
    assert "Images 1 to 60 of 67." in words(app)
    app = ran(app.text_input(key=f"rename-{name}").set_value("$pets$").run())
    app = ran(app.button(key="rename-set").click().run())
    assert catalogue.describe(name).label == "$pets$ (own)"
    app = ran(app.checkbox(key=f"sure-{name}").check().run())
    app = ran(app.button(key="delete-set").click().run())
    assert catalogue.own_names() == []
    assert draft(app).data["name"] == "digits"


def test_a_set_under_another_ones_name_says_so(tmp_path):
    for name, content in FILES.items():
        put(tmp_path / "data" / "mnist", name, content)
    app = ran(visit().selectbox(key="data").set_value("mnist").run())
    assert "not MNIST's published files" in words(app).replace("\\", "")


def test_a_path_outside_the_data_folder_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    app = visit()
    app = ran(app.text_input(key="upload-path").set_value("../elsewhere").run())
    app = ran(app.button(key="read-path").click().run())
    assert "is not inside" in errors(app).replace("\\", "")


def test_typed_counts_come_back_as_they_are():
    assert counts_of("100") == [100]
    assert counts_of(" 1, 2;3 ") == [1, 2, 3]
    assert counts_of("") is None
    assert counts_of("a few") == "a few"
    assert counts_text([1, 2]) == "1, 2"
    assert counts_text(None) == ""


# --- what the page shows is what trains -------------------------------------------------------------------------------


RECIPES = {
    "plain": {},
    "few, expanded": {"train": 30, "expansion": "one_pixel_shifts", "augmentation": (Rotate(),)},
    "many": {"label_noise": 0.3, "augmentation": (Shift(), Rotate()), "scaling": PerChannel()},
    "long tail": {"imbalance": LongTail(ratio=20), "scaling": PerChannel()},
    "long tail, repeated": {"imbalance": LongTail(ratio=20), "balance": Oversample(times=3)},
    "8 is rare, the rest left out": {"imbalance": Counts(keep={8: 5}), "balance": Undersample()},
    "noisy copies, wrong labels": {
        "imbalance": Shares(keep={8: 0.1}),
        "balance": NoisyCopies(),
        "label_noise": 0.2,
        "scaling": PerChannel(),
    },
    "moved copies, expanded": {
        "train": 30,
        "imbalance": LongTail(ratio=4),
        "balance": TransformedCopies(),
        "expansion": "one_pixel_shifts",
        "augmentation": (Rotate(),),
    },
}


@pytest.mark.parametrize("fields", RECIPES.values(), ids=RECIPES)
def test_the_page_shows_what_the_network_is_trained_with(fields):
    dataset, recipe = catalogue.load("digits-32x32-rgb"), DataRecipe(name="digits-32x32-rgb", **fields)
    shown, made = look(dataset, recipe, 3, some=20), prepare(dataset, recipe, 3)
    for epoch, images in shown.after.items():
        assert (made.scaling.apply(images) == made.seen(epoch)[:20]).all()
    assert (shown.parts["train"].images == made.images[:20]).all()
    assert_allclose(shown.parts["train"].read, made.seen(1)[:20], atol=1e-5)
    for part in ("train", "validation", "test"):
        assert (shown.parts[part].labels == getattr(made, part).y[:20]).all(), part
        if part != "train":
            assert_allclose(shown.parts[part].read, getattr(made, part).x[:20], atol=1e-5)
            assert (shown.parts[part].images == dataset.images[getattr(made, part).rows[:20]]).all()
    for part in ("train", "validation", "test"):
        assert (shown.counts[part] == np.bincount(getattr(made, part).y, minlength=10)).all(), part
    assert shown.formula == made.scaling.formula()
    assert shown.distinct == len({*made.train.rows})
    values = made.seen(1)[: shown.looked_at].astype(float)
    assert shown.low == pytest.approx(values.min(), abs=1e-5)
    assert shown.high == pytest.approx(values.max(), abs=1e-5)
    assert shown.wrong_count == len({*made.train.rows[made.train.y != made.truth]})


@pytest.mark.parametrize("fields", RECIPES.values(), ids=RECIPES)
def test_train_shows_the_first_images_and_the_counts_of_what_it_trains_with(fields):
    dataset, recipe = catalogue.load("digits-32x32-rgb"), DataRecipe(name="digits-32x32-rgb", **fields)
    shown, made = beginning(dataset, recipe, 3, 40), prepare(dataset, recipe, 3)
    assert (shown.images == made.images[:40]).all()
    assert (shown.labels == made.train.y[:40]).all()
    assert shown.counts == {part: len(getattr(made, part)) for part in ("train", "validation", "test")}


def test_the_images_of_each_part_are_shown_as_they_are_and_as_the_network_reads_them():
    app = visit()
    app = ran(app.selectbox(key=begins(app, "scaling-", "selectbox")).set_value("signed").run())
    app = typed(typed(app, "test-", "3"), "validation-", "0")
    names = catalogue.load("digits").class_names
    made = prepare(catalogue.load("digits"), draft(app).check().experiment.data, draft(app).seed)
    for part in ("train", "test"):
        app = ran(app.radio(key="seen-part").set_value(part).run())
        said = words(app).replace("\\", "")
        assert ", ".join(names[label] for label in getattr(made, part).y[:12]) + ". Rows: original; " in said
        assert "the lowest value, -1, is black and the highest, 1, is white" in said
    app = ran(app.radio(key="seen-part").set_value("validation").run())
    assert "There are no validation images." in words(app)


def test_values_are_drawn_from_black_for_the_lowest_to_white_for_the_highest():
    assert stretched(np.array([-2.0, 0, 2]).reshape(1, 1, 1, 3)).ravel().tolist() == [0, 128, 255]
    assert stretched(np.full((1, 1, 1, 2), 3.0)).ravel().tolist() == [0, 0]


IN_FORCE = {
    "one class": ({"imbalance": {"kind": "counts", "keep": {8: 5}}}, "8 is trained with 5 of 106 images"),
    "a long tail": (
        {"imbalance": {"kind": "long_tail", "ratio": 20}, "balance": {"kind": "oversample"}},
        "9 of 10 classes are trained with fewer images than available; the rarest, 9, with 6 of 109",
    ),
    "a remedy": (
        {"imbalance": {"kind": "counts", "keep": {8: 5}}, "balance": {"kind": "undersample"}},
        "Remedy: undersample, which turns",
    ),
}


@pytest.mark.parametrize("fields, said", IN_FORCE.values(), ids=IN_FORCE)
def test_an_imbalance_or_a_remedy_that_came_with_a_run_is_said_and_can_be_taken_away(fields, said):
    app = visit()
    draft(app).data |= fields
    app = ran(app.run())
    plain = words(app).replace("\\", "")
    assert said in plain
    assert errors(app) == ""
    app = ran(app.button(key=begins(app, "as-it-is", "button")).click().run())
    recipe = draft(app).check().experiment.data
    assert (recipe.imbalance.kind, recipe.balance.kind) == ("none", "none")
    assert said not in words(app).replace("\\", "")
    assert not [it for it in app.button if it.label == "Restore the original classes"]


def test_a_data_set_that_was_deleted_gives_way_to_the_digits():
    app = visit()
    draft(app).data["name"] = "own-gone-0123456789"
    app = ran(app.run())
    assert "uploaded on another computer" in errors(app)
    assert draft(app).data["name"] == "digits"
