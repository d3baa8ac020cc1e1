"""An experiment as a word that fits into a link: its JSON, compressed, in letters that an address may hold."""

import base64
import binascii
import zlib

from core.experiment.experiment import Experiment, ExperimentError, from_json


LARGEST = 1_000_000
"""Bytes of JSON a link may unfold to."""


def to_word(experiment: Experiment) -> str:
    packed = zlib.compress(experiment.model_dump_json().encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_word(word: str) -> Experiment:
    """Raises ExperimentError: cut off, mistyped, too large, or no experiment."""
    unfolding = zlib.decompressobj()
    try:
        packed = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        text = unfolding.decompress(packed, LARGEST).decode()
    except (binascii.Error, zlib.error, ValueError):
        raise ExperimentError("the link is damaged: its experiment cannot be unpacked; copy it again") from None
    if unfolding.unconsumed_tail:
        raise ExperimentError(f"the link unfolds to more than {LARGEST:,} bytes, which no experiment has")
    if not unfolding.eof:
        raise ExperimentError("the link is cut off: its end is missing; copy it again")
    return from_json(text)
