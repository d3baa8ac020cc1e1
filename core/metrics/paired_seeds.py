"""Is a difference larger than seed noise? Two trainings, repeated with the same seeds and compared pair by pair."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


CONFIDENCE = 0.95


@dataclass(frozen=True)
class Paired:
    """Second minus first, seed by seed."""

    count: int
    """The number of pairs in which both scores exist."""
    mean: float
    deviation: float
    """Sample standard deviation of the differences (n - 1 in the denominator); NaN for fewer than two."""
    low: float
    high: float
    """Ends of Student's interval, mean -+ t * deviation / sqrt(n) with n - 1 degrees of freedom (Student 1908); NaN for
    fewer than two pairs."""

    @property
    def verdict(self) -> str:
        """ "within" if zero is in the interval, "larger" if not, "unknown" with fewer than two pairs."""
        if self.count < 2:
            return "unknown"
        return "within" if self.low <= 0 <= self.high else "larger"


def paired(first: list[float], second: list[float], confidence: float = CONFIDENCE) -> Paired:
    """`first` and `second` in the order of the same seeds; pairs with a NaN (a score that is 0/0) are ignored."""
    differences = np.asarray(second, float) - np.asarray(first, float)
    differences = differences[~np.isnan(differences)]
    count = len(differences)
    if count == 0:
        return Paired(0, np.nan, np.nan, np.nan, np.nan)
    mean = float(differences.mean())
    if count == 1:
        return Paired(1, mean, np.nan, np.nan, np.nan)
    if np.ptp(differences) <= 1e-12 * np.abs(differences).max():  # equal up to rounding
        return Paired(count, mean, 0.0, mean, mean)
    deviation = float(differences.std(ddof=1))
    half = stats.t.ppf((1 + confidence) / 2, count - 1) * deviation / np.sqrt(count)
    return Paired(count, mean, deviation, mean - half, mean + half)


def sentence(it: Paired, unit: str = "points", factor: float = 100.0) -> str:
    """The numbers and the conclusion, as a sentence for the user."""

    def number(value: float) -> str:
        return f"{factor * value:+.1f}".replace("-", "−")

    if it.count == 0:
        return "There is no pair of seeds in which both have this score: nothing can be said."
    if it.count == 1:
        return (
            f"{number(it.mean)} {unit} with the only pair of seeds: nothing can be said about seed noise, which takes "
            "at least two."
        )
    if it.deviation == 0:
        if it.mean == 0:
            return f"No difference in any of {it.count} seeds: within seed noise."
        return f"{number(it.mean)} {unit} in each of {it.count} seeds, without any spread: larger than seed noise."
    verdict = "larger than" if it.verdict == "larger" else "within"
    few = " With two seeds the interval is very wide; three or more say more." if it.count == 2 else ""
    return (
        f"{number(it.mean)} {unit} on average over {it.count} pairs of seeds, 95 % interval {number(it.low)} to "
        f"{number(it.high)}: {verdict} seed noise.{few}"
    )
