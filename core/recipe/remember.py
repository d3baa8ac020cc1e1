"""Which states of the weights a run remembers, so that its training can be looked at again later."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from core.spec import Spec


class Remember(Spec):
    """The weights at the start, after 1, 2, 5, 10, 20, 50, ... steps and after each epoch, thinned to `states` and
    `megabytes`. It changes nothing in the training itself."""

    states: Annotated[int, Field(ge=0, le=1000)] = 40
    """0: none; otherwise at least the start and the end are kept."""
    megabytes: Annotated[float, Field(gt=0, le=10_000)] = 50.0
    """On disk, for each run."""


def next_milestone(step: int) -> int:
    """The first of 1, 2, 5, 10, 20, 50, ... after `step`."""
    power = 1
    while True:
        for leading in (1, 2, 5):
            if leading * power > step:
                return leading * power
        power *= 10


def is_milestone(step: int) -> bool:
    return step == 0 or next_milestone(step - 1) == step


def superfluous(steps: Sequence[int]) -> int:
    """The index of the step to forget next: of those between the first and the last, the one whose neighbours are
    closest to each other in relation to their step, so that the rest stay spread as on a logarithmic axis."""
    gaps = [(steps[k + 1] + 1) / (steps[k - 1] + 1) for k in range(1, len(steps) - 1)]
    return 1 + gaps.index(min(gaps))
