"""The changes that a trained network is tried on, each with its strengths; core.data.preparation.corruptions makes them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    name: str
    """One of core.data.preparation.corruptions.KINDS."""
    label: str
    unit: str
    """What a strength counts; "" where there is only one."""
    clean: float
    """The strength at which nothing is changed."""
    strengths: tuple[float, ...]
    """The others, rising."""
    sentence: str

    def words(self, strength: float) -> str:
        """ "Shift 2 pixels"."""
        return f"{self.label} {self.amount(strength)}" if self.unit else self.label

    def amount(self, strength: float) -> str:
        """ "2 pixels"; where there is only one strength, what it is."""
        if not self.unit:
            return "as it is" if strength == self.clean else self.label.lower()
        return f"{strength:g} {self.unit.removesuffix('s') if strength == 1 else self.unit}"


CHANGES = (
    Change("shift", "Shift", "pixels", 0, (1, 2, 3, 4, 6), "Moved up, down, left or right, one image after the other."),
    Change("rotate", "Rotate", "degrees", 0, (10, 20, 30, 45, 90), "Turned counterclockwise about the middle."),
    Change("size", "Zoom", "times the size", 1, (0.5, 0.7, 0.85, 1.15, 1.3, 1.5), "Made smaller or larger."),
    Change(
        "noise",
        "Noise",
        "of black to white",
        0,
        (0.1, 0.2, 0.3, 0.5),
        "Every value a little off, each by its own draw from a normal distribution with this standard deviation.",
    ),
    Change("negative", "Negative", "", 0, (1,), "Black becomes white, and every colour its opposite."),
)
