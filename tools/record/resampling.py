"""Under- and oversampling of two clouds of points, drawn many times."""

from importlib import metadata

from core.demos.learning.resampling_simulation import Clouds, simulate
from tools.record.training import DEVICE, rounded


DRAWS = 200


def resampling() -> dict:
    """The fields of Measured; no network is trained."""
    clouds = Clouds()
    simulation = simulate(clouds, DRAWS)
    numbers = {}
    for name, of in simulation.items():
        numbers[f"{name}: balanced_error"], numbers[f"{name}: accuracy"] = (
            rounded(of.balanced_error),
            rounded(of.accuracy),
        )
    what = f"two clouds of {clouds.common:,} and {clouds.rare:,} points, logistic regression, {DRAWS} draws"
    by = {"backend": "scikit-learn", "version": metadata.version("scikit-learn"), "device": DEVICE}
    return {**by, "what": what, "numbers": numbers}
