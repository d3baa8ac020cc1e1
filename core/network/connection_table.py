"""Which input channels each filter reads, in a convolution whose filters read only some of them."""

from collections.abc import Iterable
from math import gcd

import numpy as np

from core.arrays import Array


def seen(filters: int, channels: int, inputs_per_filter: int | None) -> Array:
    """(filters, inputs_per_filter) indices of the input channels that each filter reads, in ascending order.

    The input channels form blocks of gcd(channels, inputs_per_filter) neighbours, and the filters form one group per
    block. Group g reads the blocks from block g on, wrapping around at the end. For example, 12 filters that read 8 of
    12 channels form three groups of four, which read channels 0-7, 4-11, and 8-11 with 0-3: the usual guess at the zip
    net, whose paper does not say. If `inputs_per_filter` divides `channels`, the result is a grouped convolution.
    """
    inputs_per_filter = inputs_per_filter or channels
    block = gcd(channels, inputs_per_filter)
    starts = np.arange(filters) * (channels // block) // filters * block
    return np.sort((starts[:, None] + np.arange(inputs_per_filter)) % channels, axis=1)


def groups(filters: int, channels: int, inputs_per_filter: int | None) -> int | None:
    """The number of groups of the equivalent grouped convolution; None if there is no equivalent."""
    count, rest = divmod(channels, inputs_per_filter or channels)
    return None if rest or filters % count else count


def groups_text(filters: int, channels: int, inputs_per_filter: int) -> str:
    """ "1-4 see 1-8; ...": filters and the input channels they read, counted from 1, one part per group."""
    table = seen(filters, channels, inputs_per_filter)
    starts = [0, *(k for k in range(1, filters) if not np.array_equal(table[k], table[k - 1]))]
    parts = zip(starts, [*starts[1:], filters], strict=True)
    return "; ".join(f"{_ranges(range(a, b))} see {_ranges(table[a])}" for a, b in parts)


def _ranges(numbers: Iterable[int]) -> str:
    """[0, 1, 2, 8] -> "1-3, 9", counted from 1."""
    runs: list[list[int]] = []
    for number in map(int, numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 1 else str(run[0] + 1) for run in runs)
