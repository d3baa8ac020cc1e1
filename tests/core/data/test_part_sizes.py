"""How many images are counted before anything is prepared: as many as `prepare` makes."""

import pytest

from core.data import catalogue
from core.data.dataset import DataError
from core.data.part_sizes import Sizes, sizes_of
from core.data.preparation.augmentation import Shift
from core.data.preparation.class_imbalance import Counts, LongTail, Shares
from core.data.preparation.class_resampling import NoisyCopies, Oversample, TransformedCopies, Undersample
from core.data.preparation.scaling import PerPixel
from core.data.prepared import prepare
from core.data.recipe import DataRecipe


RECIPES = {
    "name": {},
    "train": {"train": 100},
    "validation": {"validation": 0},
    "test": {"test": 17},
    "per_class": {"per_class": (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)},
    "order": {"order": "stratified", "train": 55},
    "scaling": {"scaling": PerPixel()},
    "label_noise": {"label_noise": 0.3, "balance": Undersample()},
    "imbalance": {"imbalance": LongTail(ratio=20)},
    "balance": {"imbalance": Counts(keep={8: 5}), "balance": Oversample()},
    "expansion": {"expansion": "one_pixel_shifts", "train": 60},
    "augmentation": {"augmentation": (Shift(),)},
    "undersampled": {"imbalance": Counts(keep={8: 5}), "balance": Undersample()},
    "noisy copies": {"imbalance": Shares(keep={3: 0.2}), "balance": NoisyCopies(times=2)},
    "all at once": {
        "per_class": (6,),
        "imbalance": Counts(keep={0: 2}),
        "balance": TransformedCopies(times=2),
        "expansion": "one_pixel_shifts",
    },
}


def test_every_option_of_a_data_recipe_is_tried():
    assert set(DataRecipe.model_fields) <= set(RECIPES)


@pytest.mark.parametrize("fields", RECIPES.values(), ids=RECIPES)
def test_the_sizes_are_those_of_the_prepared_parts(fields):
    recipe = DataRecipe(name="digits-16x16", **fields)
    made, result = prepare(catalogue.load("digits-16x16"), recipe, 3), sizes_of(recipe, 3)
    assert (result.train, result.validation, result.test) == (len(made.train), len(made.validation), len(made.test))


def test_drawn_are_the_training_images_before_anything_is_left_out_or_copied():
    plain = sizes_of(DataRecipe(name="digits-16x16"), 3)
    assert plain == Sizes(plain.train, plain.validation, plain.test, drawn=plain.train)
    for name in ("per_class", "imbalance", "balance", "undersampled"):
        assert sizes_of(DataRecipe(name="digits-16x16", **RECIPES[name]), 3).drawn == plain.train, name


def test_what_cannot_be_prepared_is_refused_the_same_each_time_it_is_asked():
    recipe = DataRecipe(name="digits-16x16", per_class=(3000,))
    for _ in range(2):
        with pytest.raises(DataError, match="needs 3,000 training images of class"):
            sizes_of(recipe, 1)
