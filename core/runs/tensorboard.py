"""A run as a TensorBoard event file: TFRecords of Event messages, encoded here because each takes only a few bytes.

An Event is {1: wall_time double, 2: step int64, 3: file_version string, 5: summary}; a summary is {1: value}, and a
value is {1: tag string, 2: simple_value float} (tensorflow/core/util/event.proto, framework/summary.proto)."""

import struct
from collections.abc import Iterator

from core.runs.folder import Run


def event_file(run: Run) -> bytes:
    """Scalars: loss at every step, validation/loss and validation/accuracy at the end of every epoch."""
    events = run.events()
    start = events[0]["time"] if events else 0.0
    messages = [_double(1, start) + _bytes(3, b"brain.Event:2")]
    messages += [_scalar(start, *point) for point in _scalars(run)]
    return b"".join(map(_record, messages))


def _scalars(run: Run) -> Iterator[tuple[int, str, float]]:
    for step, loss in zip(*run.curve(), strict=True):
        yield int(step), "loss", float(loss)
    for entry in run.epochs():
        for score, value in (entry["validation"] or {}).items():
            if isinstance(value, int | float):
                yield entry["step"], f"validation/{score}", value


def _scalar(time: float, step: int, tag: str, value: float) -> bytes:
    scalar = _bytes(1, tag.encode()) + _key(2, 5) + struct.pack("<f", value)
    return _double(1, time) + _key(2, 0) + _varint(step) + _bytes(5, _bytes(1, scalar))


def _double(field: int, value: float) -> bytes:
    return _key(field, 1) + struct.pack("<d", value)


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(number: int) -> bytes:
    """Seven bits per byte, the lowest first; the eighth bit is set if more bytes follow."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _record(message: bytes) -> bytes:
    length = struct.pack("<Q", len(message))
    return length + _masked(length) + message + _masked(message)


def _masked(content: bytes) -> bytes:
    """CRC-32C, rotated right by 15 bits, plus a constant, as the TFRecord format requires."""
    checksum = 0xFFFFFFFF
    for byte in content:
        checksum = _TABLE[(checksum ^ byte) & 0xFF] ^ (checksum >> 8)
    checksum ^= 0xFFFFFFFF
    return struct.pack("<I", ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    return byte


_TABLE = [_entry(byte) for byte in range(256)]
"""The CRC table of Castagnoli's polynomial, with reversed bits."""
