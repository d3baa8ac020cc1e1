"""Bars with their values: point at one or use the arrow keys, and a sentence describes it."""

from pydantic import Field, model_validator

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


MOST = 30


class Column(Spec):
    """Another value of each bar, shown in the sentence as {name} and in the table."""

    name: str = Field(pattern="^[a-z]+$")
    label: str
    values: list[float]
    digits: int = Field(default=0, ge=0, le=6)
    percent: bool = False


class Options(Spec):
    """One bar per label. `sentence` may use {label}, {value} and the {name} of each column."""

    title: str
    labels: list[str] = Field(min_length=1, max_length=MOST)
    values: list[float]
    value_label: str
    digits: int = Field(default=0, ge=0, le=6)
    percent: bool = False
    columns: list[Column] = []
    sentence: str = "{label}: {value}"
    tone: str = Field(default="input", pattern="^(input|kernel|output|gradient)$")
    start: int = 0

    @model_validator(mode="after")
    def _same_length(self):
        for name, values in [(self.value_label, self.values), *((one.label, one.values) for one in self.columns)]:
            if len(values) != len(self.labels):
                raise ValueError(
                    f"give one number per label: {len(self.labels)} labels, but {name!r} has {len(values)}"
                )
        return self


def show(options: Options, key: str) -> None:
    component(__file__)(key=f"{key}-bars", data={**options.model_dump(), "words": words(__file__)})
