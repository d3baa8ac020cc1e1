"""Opening a data file, gzipped or not, without trusting its name or its header."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.data.dataset import DataError


GZIP = b"\x1f\x8b"
CHUNK = 2**20
AGAIN = "Delete it and get it again."


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's content, unzipped if its first bytes say gzip, whatever its name.

    Raises DataError for an empty file, a web page, a damaged or truncated gzip stream, or an unreadable file, even if
    that shows only while the caller reads.
    """
    try:
        with path.open("rb") as file:
            start = file.read(512)
            file.seek(0)
            _check_start(path, start)
            if not start.startswith(GZIP):
                yield file
                return
            with gzip.GzipFile(fileobj=file) as unzipped:
                yield unzipped  # type: ignore[misc]
    except EOFError:
        raise DataError(f"{path} was cut short: its gzip stream has no end. {AGAIN}") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged: its gzip stream cannot be unpacked ({error}). {AGAIN}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}. Check that you may read it.") from None


def unzipped(content: bytes, name: str, most: int = 2**29) -> bytes:
    """The content, unzipped if it is gzipped. Raises DataError if that is damaged or more than `most` bytes."""
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            plain = bytes(at_most(stream, most + 1))  # type: ignore[arg-type]
    except (EOFError, gzip.BadGzipFile, zlib.error, OSError):
        raise DataError(f"{name} is damaged: its gzip stream cannot be unpacked. Get the file again.") from None
    if len(plain) > most:
        raise DataError(f"{name} unpacks to more than {most // 2**20} MB. Use fewer rows.")
    return plain


def at_most(stream: IO[bytes], count: int) -> bytearray:
    """Up to `count` bytes, in pieces: memory grows with the actual content, not with what a header promises."""
    content = bytearray()
    while len(content) < count and (piece := stream.read(min(CHUNK, count - len(content)))):
        content += piece
    return content


def _check_start(path: Path, start: bytes) -> None:
    if not start:
        raise DataError(f"{path} is empty. {AGAIN}")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise DataError(
            f"{path} is a web page, not data: the download probably led to a login or error page. "
            "Delete it, open the address in a browser and save the file itself."
        )
