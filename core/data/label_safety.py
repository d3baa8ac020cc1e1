"""Which transforms may turn a digit into another one, or into none: a warning in words, before a label is trusted."""

from core.data.augmentation import Flip, Rotate, Shift, Zoom


TURNED, MOVED, ZOOMED = 45, 6, 0.5


def warning(transform, digit: int) -> str | None:
    """None where the label stays true. A rule of thumb for digits of 28 x 28 pixels, not a measurement."""
    match transform:
        case Flip(share=share) if share and digit not in (0, 1, 8):
            return f"A mirrored {digit} is no {digit}: the label would be wrong."
        case Rotate(degrees=most) if most > TURNED and digit in (6, 9):
            other = 15 - digit
            return f"Turned by up to {most:g} degrees a {digit} may be a {other}, but it keeps the label {digit}."
        case Rotate(degrees=most) if most > TURNED and digit in (2, 4, 5, 7):
            return f"Turned by up to {most:g} degrees a {digit} is hard to read, for people too."
        case Shift(pixels=most) if most > MOVED:
            return f"Moved by up to {most} pixels the {digit} may leave the picture."
        case Zoom(by=most) if most > ZOOMED:
            return "So much larger or smaller, parts of it are cut off or lost."
    return None
