"""What an experiment asks of its data."""

from typing import Annotated, Literal

from pydantic import Field

from core.data.preparation.augmentation import Transforms
from core.data.preparation.class_imbalance import Imbalance, NoImbalance
from core.data.preparation.class_resampling import Balance, NoBalance
from core.data.preparation.scaling import Scaling, Unit
from core.spec import Spec


Share = Annotated[float, Field(ge=0, le=1)]


class DataRecipe(Spec):
    """How many images of which data set, in which order, how scaled. None: as the file has it, or what is left."""

    name: str
    train: Annotated[int, Field(ge=1)] | None = None
    validation: Annotated[int, Field(ge=0)] | None = None
    test: Annotated[int, Field(ge=0)] | None = None
    per_class: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """So many training images of each class, the first in their order: one number for all classes, or one for each."""
    order: Literal["file", "random", "stratified"] = "file"
    scaling: Scaling = Unit()
    label_noise: Share = 0.0
    """This share of the training images gets a wrong label, each other class equally likely."""
    imbalance: Imbalance = NoImbalance()
    """Of the training images only."""
    balance: Balance = NoBalance()
    """A remedy, after that; of the training images only."""
    expansion: Literal["none", "one_pixel_shifts"] = "none"
    """One-pixel shifts: five times the training images, as they are and moved by one pixel to each side."""
    augmentation: Transforms = ()
    """Training images are drawn anew each epoch; validation and test images never are."""
