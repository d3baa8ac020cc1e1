"""What is wrong with a network, said to a student."""


class NetworkError(ValueError):
    """An impossible network: which layer, which numbers, and what would mend it."""

    def __init__(self, layer: str, problem: str, repairs: list[str]):
        self.layer, self.problem, self.repairs = layer, problem, repairs
        super().__init__(f"layer {layer!r}: {problem}. Try: {'; or '.join(repairs)}.")
