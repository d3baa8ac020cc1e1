"""What is wrong with a network, said to a student."""

from collections.abc import Sequence

from core.network.repairs import Repair


class NetworkError(ValueError):
    """An impossible network: which layer, which numbers, and what would mend it."""

    def __init__(self, layer: str, problem: str, repairs: Sequence[Repair | str]):
        """A repair that is only a sentence is one that only a person can make."""
        self.layer, self.problem = layer, problem
        self.repairs = [Repair(repair) if isinstance(repair, str) else repair for repair in repairs]
        super().__init__(f"layer {layer!r}: {problem}. Try: {'; or '.join(map(str, self.repairs))}.")
