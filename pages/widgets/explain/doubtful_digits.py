"""The digits that a recorded network is least sure of: each image, its ten outputs, and its true label."""

from pydantic import field_validator

from core.lessons.vocabulary.measured_tables import measured_numbers
from core.spec import Spec
from pages.recorded import measured
from pages.ui.component import component
from pages.ui.translations import words


KEYS = ("doubtful", "doubtful_truth", "doubtful_outputs")


class Options(Spec):
    """`name` of a measured table with doubtful digits."""

    name: str

    @field_validator("name")
    @classmethod
    def _has_doubtful(cls, name):
        if name not in measured.names() or not set(KEYS) <= set(measured.load(name).numbers):
            raise ValueError(f"there is no measured table {name!r} with doubtful digits")
        return name


def show(options: Options, key: str) -> None:
    images, truth, outputs = (measured_numbers(options.name, what).tolist() for what in KEYS)
    data = {"images": images, "truth": truth, "outputs": outputs, "words": words(__file__)}
    component(__file__)(key=f"{key}-doubtful", data=data)
