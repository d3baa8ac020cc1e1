"""Which maps a map inputs_per_filter, where a convolution does not join every map with every other."""

from math import gcd

import numpy as np

from core.arrays import Array


def seen(filters: int, channels: int, inputs_per_filter: int | None) -> Array:
    """(maps, inputs_per_filter) numbers of input maps, ascending: what each map inputs_per_filter.

    The input's maps form blocks of gcd(channels, inputs_per_filter) neighbours. The kernels are shared out over as many groups as
    there are blocks; group g inputs_per_filter the blocks from number g on, and after the last goes on with the first. So 12 kernels
    that see 8 of 12 maps are three groups of four, with 0-7, 4-11 and 8-11 with 0-3: the usual guess at the zip net, whose
    paper does not say. `inputs_per_filter` that divides `channels` gives the groups of a grouped convolution.
    """
    inputs_per_filter = inputs_per_filter or channels
    block = gcd(channels, inputs_per_filter)
    starts = np.arange(filters) * (channels // block) // filters * block
    return np.sort((starts[:, None] + np.arange(inputs_per_filter)) % channels, axis=1)


def groups(filters: int, channels: int, inputs_per_filter: int | None) -> int | None:
    """How many groups a grouped convolution needs to see the same maps; None where no grouping does."""
    count, rest = divmod(channels, inputs_per_filter or channels)
    return None if rest or filters % count else count


def groups_text(filters: int, channels: int, inputs_per_filter: int) -> str:
    """ "kernels 1-4 see maps 1-8" and so on, counted from 1, one part a group."""
    table = seen(filters, channels, inputs_per_filter)
    begins = [0, *(k for k in range(1, filters) if not np.array_equal(table[k], table[k - 1]))]
    parts = zip(begins, [*begins[1:], filters], strict=True)
    return "; ".join(f"{_ranges(range(a, b))} see {_ranges(table[a])}" for a, b in parts)


def _ranges(numbers) -> str:
    """[0, 1, 2, 8] -> "1-3, 9", counted from 1."""
    runs: list[list[int]] = []
    for number in map(int, numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 1 else str(run[0] + 1) for run in runs)
