"""The data recipe of an experiment: which images, and how they are prepared."""

from typing import Annotated, Literal

from pydantic import Field

from core.data.preparation.augmentation import Transforms
from core.data.preparation.class_imbalance import Imbalance, NoImbalance
from core.data.preparation.class_resampling import Balance, NoBalance
from core.data.preparation.scaling import Scaling, Unit
from core.spec import Spec


Share = Annotated[float, Field(ge=0, le=1)]


class DataRecipe(Spec):
    """How many images of which data set, in which order, how prepared. None: the number in the file, or the rest."""

    name: str
    train: Annotated[int, Field(ge=1)] | None = None
    validation: Annotated[int, Field(ge=0)] | None = None
    test: Annotated[int, Field(ge=0)] | None = None
    per_class: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """Training images per class, the first in their order: one number for all classes, or one for each."""
    order: Literal["file", "random", "stratified"] = "file"
    scaling: Scaling = Unit()
    label_noise: Share = 0.0
    """This share of the training images gets a wrong label, each other class equally likely."""
    imbalance: Imbalance = NoImbalance()
    """Which training images are left out."""
    balance: Balance = NoBalance()
    """A remedy applied after that, only to training images."""
    expansion: Literal["none", "one_pixel_shifts"] = "none"
    """one_pixel_shifts: five times as many training images, unchanged and shifted by one pixel to each side."""
    augmentation: Transforms = ()
    """Random changes to the training images in each epoch, never to validation and test images."""
