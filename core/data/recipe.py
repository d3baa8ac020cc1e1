"""What an experiment asks of its data."""

from typing import Annotated, Literal

from pydantic import Field

from core.data.balance import Balance, NoBalance
from core.data.imbalance import AsItIs, Imbalance
from core.data.scaling import Scaling, Unit
from core.spec import Spec


class DataRecipe(Spec):
    """How many pictures of which data set, in which order, how scaled. None: as the file has it, or what is left."""

    name: str
    train: Annotated[int, Field(ge=1)] | None = None
    validation: Annotated[int, Field(ge=0)] | None = None
    test: Annotated[int, Field(ge=0)] | None = None
    order: Literal["file", "random", "stratified"] = "file"
    scaling: Scaling = Unit()
    imbalance: Imbalance = AsItIs()
    """Of the training pictures only."""
    balance: Balance = NoBalance()
    """A remedy, after that; of the training pictures only."""
