"""One neuron with two inputs: its weighted sum, its activation, and its output over the plane of inputs."""

from pydantic import Field

from core.demos.learning.function_curves import BENDS
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


class Options(Spec):
    """The values at the start."""

    weights: tuple[float, float] = (1.0, -2.0)
    bias: float = 0.5
    input: tuple[float, float] = (1.5, 0.5)
    activation: str = Field(default="sigmoid", pattern=f"^({'|'.join(BENDS)})$")


def show(options: Options, key: str) -> None:
    data = {"start": options.model_dump(), "activations": list(BENDS), "words": words(__file__)}
    component(__file__)(key=f"{key}-neuron", data=data)
