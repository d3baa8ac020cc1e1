"""The base of everything in an experiment: frozen data that refuses what it does not know."""

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """No field can be set after it is made; unknown fields, infinities and NaN are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
