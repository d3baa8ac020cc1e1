"""An experiment as a word in a link: its JSON, compressed and encoded in letters that are allowed in a URL."""

import base64
import binascii
import zlib

from core.experiment.experiment import Experiment, ExperimentError, from_json


LARGEST = 1_000_000
"""The most bytes of JSON that a link may unpack to."""


def to_word(experiment: Experiment) -> str:
    packed = zlib.compress(experiment.model_dump_json().encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_word(word: str) -> Experiment:
    """Raises ExperimentError if the word is cut off, mistyped, too large, or not an experiment."""
    unpacker = zlib.decompressobj()
    try:
        packed = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        text = unpacker.decompress(packed, LARGEST).decode()
    except (binascii.Error, zlib.error, ValueError):
        raise ExperimentError("the link is damaged: its experiment cannot be unpacked; copy it again") from None
    if unpacker.unconsumed_tail:
        raise ExperimentError(f"the link unpacks to more than {LARGEST:,} bytes, which is too large for an experiment")
    if not unpacker.eof:
        raise ExperimentError("the link is cut off: its end is missing; copy it again")
    return from_json(text)
