"""Initializers as frozen descriptions: how weights are drawn at the start. initial_weights.py draws them."""

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from core.spec import Spec


class Zeros(Spec):
    kind: Literal["zeros"] = "zeros"


class Constant(Spec):
    kind: Literal["constant"] = "constant"
    value: float


class Normal(Spec):
    kind: Literal["normal"] = "normal"
    std: float = Field(default=1.0, ge=0)


class Uniform(Spec):
    """Uniform between -limit and limit."""

    kind: Literal["uniform"] = "uniform"
    limit: float = Field(ge=0)


class GlorotUniform(Spec):
    """limit = sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010, eq. 16)."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"


class GlorotNormal(Spec):
    """std = sqrt(2 / (fan_in + fan_out)), not truncated (Glorot and Bengio 2010, eq. 12)."""

    kind: Literal["glorot_normal"] = "glorot_normal"


class HeNormal(Spec):
    """std = sqrt(2 / fan_in), truncated at two standard deviations and rescaled to keep that std (He et al. 2015)."""

    kind: Literal["he_normal"] = "he_normal"


class HeUniform(Spec):
    """limit = sqrt(6 / fan_in) (He et al. 2015)."""

    kind: Literal["he_uniform"] = "he_uniform"


class OneOverOut(Spec):
    """Normal with variance 1/n_out, n_out = units, or filters * kh * kw / pool_area (Nielsen 2015, `network3.py`)."""

    kind: Literal["one_over_out"] = "one_over_out"
    pool_area: PositiveInt = 1


class OneOverInOut(Spec):
    """Normal with variance 1/(fan_in + fan_out), where the fan_out of a convolution is divided by the cells of the
    following pool: LeNet as in the Theano tutorials, `randn / sqrt(in + out)`."""

    kind: Literal["one_over_in_out"] = "one_over_in_out"
    pool_area: PositiveInt = 1


class UniformOverIn(Spec):
    """Uniform between -reach/fan_in and reach/fan_in; 2.4 in LeCun et al. 1989, "Backpropagation applied to handwritten
    zip code recognition", so that the inputs of a tanh unit stay where it is not flat."""

    kind: Literal["uniform_over_in"] = "uniform_over_in"
    reach: PositiveFloat = 2.4


AnyInitial = (
    Zeros
    | Constant
    | Normal
    | Uniform
    | GlorotUniform
    | GlorotNormal
    | HeNormal
    | HeUniform
    | OneOverOut
    | OneOverInOut
    | UniformOverIn
)
Initial = Annotated[AnyInitial, Field(discriminator="kind")]
