"""What is wrong with a network, in a message for students."""

from collections.abc import Sequence

from core.network.repairs import Repair


class NetworkError(ValueError):
    """An invalid network: which layer, which numbers, and how to repair it."""

    def __init__(self, layer: str, problem: str, repairs: Sequence[Repair | str]):
        """A repair given as a string can only be made by hand."""
        self.layer, self.problem = layer, problem
        self.repairs = [Repair(repair) if isinstance(repair, str) else repair for repair in repairs]
        super().__init__(f"layer {layer!r}: {problem}. Try: {'; or '.join(map(str, self.repairs))}.")
