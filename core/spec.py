"""The base class of everything in an experiment: immutable data that rejects unknown fields."""

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """Fields cannot change after construction; unknown fields, infinities and NaN are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
