"""The networks that come with ConvScope: run folders, so that everything that works on a run works on them."""

from functools import lru_cache

from core import files
from core.arrays import Array
from core.recordings import network
from core.recordings.network import EXAMPLES, NetworkCard
from core.recordings.recording import FOLDER
from core.runs.folder import Run


NETWORKS = FOLDER / "networks"


@lru_cache(maxsize=1)
def shipped() -> dict[str, Run]:
    """By name, the one that Home shows first."""
    return {path.parent.name: Run(path.parent) for path in sorted(NETWORKS.glob("*/run.json"))}


def is_shipped(run: Run) -> bool:
    return run.path.parent == NETWORKS


def card(run: Run) -> NetworkCard:
    """Raises RecordedError if the run is not a shipped network."""
    return network.card(run.path)


def examples(run: Run) -> tuple[Array, Array] | None:
    """The network's example images (N, C, H, W) uint8, one of each class, and their labels (N,); None for other
    runs."""
    path = run.path / EXAMPLES
    if not is_shipped(run) or not path.is_file():
        return None
    arrays = files.load(path)
    return arrays["images"], arrays["labels"]
