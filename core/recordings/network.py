"""The card of a network that comes with ConvScope: what it was trained on, by what, and how good it is."""

from functools import lru_cache
from pathlib import Path

from core.recordings.recording import TimedRecording, read_as


CARD = "card.json"
EXAMPLES = "examples.safetensors"


class NetworkCard(TimedRecording):
    """Made by tools.record beside the network's run folder; never written by hand."""

    title: str
    data: str
    """The name of the data set."""
    training_images: int
    parameters: int
    steps: int
    test_images: int
    test_accuracy: float


@lru_cache(maxsize=20)
def card(folder: Path) -> NetworkCard:
    """Raises RecordedError."""
    return read_as(NetworkCard, folder / CARD, "there is no card", "is no card of a network")
