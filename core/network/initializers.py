"""Where weights start: frozen descriptions of how the first numbers are drawn. The drawing is in initial_weights.py."""

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
    """Normal with variance 1/n_out, n_out = units, or maps * kh * kw / pool_area (Nielsen 2015, `network3.py`)."""

    kind: Literal["one_over_out"] = "one_over_out"
    pool_area: PositiveInt = 1


class OneOverInOut(Spec):
    """Normal with variance 1/(fan_in + fan_out), the fan_out of a convolution divided by the pool behind it: LeNet as the
    Theano tutorials wrote it, `randn / sqrt(in + out)`."""

    kind: Literal["one_over_in_out"] = "one_over_in_out"
    pool_area: PositiveInt = 1


class UniformOverIn(Spec):
    """Uniform between -reach/fan_in and reach/fan_in; 2.4 in LeCun et al. 1989, "Backpropagation applied to handwritten
    zip code recognition", so that the sums of a tanh unit stay where it bends."""

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
