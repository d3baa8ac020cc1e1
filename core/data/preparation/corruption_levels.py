"""The corruptions that a trained network is tested on, with their strengths; corruptions.py applies them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    name: str
    """One of core.data.preparation.corruptions.KINDS."""
    label: str
    unit: str
    """The unit of the strengths; "" if there is only one."""
    clean: float
    """The strength that changes nothing."""
    strengths: tuple[float, ...]
    """The other strengths, ascending."""
    sentence: str

    def words(self, strength: float) -> str:
        """ "Shift 2 pixels"."""
        return f"{self.label} {self.amount(strength)}" if self.unit else self.label

    def amount(self, strength: float) -> str:
        """ "2 pixels"; for a change with a single strength, its name."""
        if not self.unit:
            return "unchanged" if strength == self.clean else self.label.lower()
        return f"{strength:g} {self.unit.removesuffix('s') if strength == 1 else self.unit}"


CHANGES = (
    Change("shift", "Shift", "pixels", 0, (1, 2, 3, 4, 6), "Shifted up, down, left or right, in turn."),
    Change("rotate", "Rotate", "degrees", 0, (10, 20, 30, 45, 90), "Rotated counterclockwise about the centre."),
    Change("size", "Zoom", "times the size", 1, (0.5, 0.7, 0.85, 1.15, 1.3, 1.5), "Scaled down or up."),
    Change(
        "noise",
        "Noise",
        "of the range of grey levels",
        0,
        (0.1, 0.2, 0.3, 0.5),
        "Normally distributed noise with this standard deviation is added to every value.",
    ),
    Change("negative", "Negative", "", 0, (1,), "Black becomes white, and every colour becomes its opposite."),
)
