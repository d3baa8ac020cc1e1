"""Which augmentations may turn a digit into another digit or make it unreadable, so that its label is wrong."""

from core.data.preparation.augmentation import Flip, Rotate, Shift, Zoom


TURNED, MOVED, ZOOMED = 45, 6, 0.5


def danger(transform: object, digit: int) -> str | None:
    """What can go wrong: "mirrored", "another" (a 6 becomes a 9), "unreadable", "outside" or "cut".

    None if the label stays true. A rule of thumb for digits of 28 x 28 pixels, not a measurement.
    """
    match transform:
        case Flip(share=share) if share and digit not in (0, 1, 8):
            return "mirrored"
        case Rotate(degrees=most) if most > TURNED and digit in (6, 9):
            return "another"
        case Rotate(degrees=most) if most > TURNED and digit in (2, 4, 5, 7):
            return "unreadable"
        case Shift(pixels=most) if most > MOVED:
            return "outside"
        case Zoom(by=most) if most > ZOOMED:
            return "cut"
    return None
