"""Image files from a .zip, which is read in memory and never unpacked to disk, or from a folder on this computer."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.data.dataset import DataError
from core.data.formats.image_file import LeftOutError
from core.data.formats.safe_open import at_most


MOST_FILES = 20_000
LARGEST_FILE = 50 * 2**20
MOST_BYTES = 2 * 2**30
"""All files together, unpacked."""
MOST_TIMES = 200
"""The largest compression ratio of a file of more than a megabyte: images hardly shrink at all."""
MOST_DIRECTORY = 16 * 2**20
"""Bytes of a zip's list of contents."""
HIDDEN = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """A file: its path inside the archive or folder, and a function for its bytes, which raises LeftOutError."""

    path: PurePosixPath
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Contents:
    members: list[Member]
    folders: frozenset[PurePosixPath]
    """All folders, including empty ones."""


@contextmanager
def zipped(content: bytes, name: str) -> Iterator[Contents]:
    """Raises DataError if it is not a zip, is too large, has a password, or has an entry that points outside it."""
    _check_directory(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _check(infos, name)
            files = [info for info in infos if not info.is_dir()]
            yield Contents(
                [Member(path, _reader(archive, info)) for info in files if visible(path := _path(info, name))],
                frozenset(path for info in infos if info.is_dir() and visible(path := _path(info, name))),
            )
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise DataError(f"{name} is not a readable zip ({error}). Pack the folder again, as a .zip.") from None


def visible(path: PurePosixPath) -> bool:
    """Whether the file is not hidden and not one that operating systems leave in folders."""
    return not any(part.startswith(".") or part in HIDDEN for part in path.parts)


def folder(root: Path) -> Contents:
    """The files of a folder on this computer; links are not followed. Raises DataError."""
    if not root.is_dir():
        raise DataError(f"{root} is not a folder on this computer. Choose a folder that contains one folder per class.")
    members, folders = [], set()
    for here, inside, names in os.walk(root, followlinks=False):
        path = PurePosixPath(Path(here).relative_to(root).as_posix())
        inside[:] = sorted(
            name for name in inside if visible(PurePosixPath(name)) and not Path(here, name).is_symlink()
        )
        folders |= {path / name for name in inside}
        members += [
            Member(path / name, _file_reader(Path(here, name))) for name in sorted(names) if visible(path / name)
        ]
        if len(members) > MOST_FILES:
            raise DataError(f"{root} has more than {MOST_FILES:,} files. Use fewer images.")
    return Contents(members, frozenset(folders))


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        if path.is_symlink() or not path.is_file():
            raise LeftOutError("a link to somewhere else, not a file")
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise LeftOutError(f"larger than {LARGEST_FILE // 2**20} MB")
            return path.read_bytes()
        except OSError as error:
            raise LeftOutError(f"unreadable ({error.strerror})") from None

    return read


def _check_directory(content: bytes, name: str) -> None:
    """Checks the stated length of the list of contents, before Python's zipfile creates an object for every entry."""
    if not content.startswith(b"PK"):
        raise DataError(f"{name} is not a zip: it does not start like one. Pack the folder of images as a .zip.")
    end = content.rfind(b"PK\5\6", max(0, len(content) - 2**16 - 22))
    if end < 0 or len(content) < end + 22:
        raise DataError(f"{name} was cut short: the list of contents at its end is missing. Pack the folder again.")
    entries, length = struct.unpack_from("<HI", content, end + 10)
    if entries > MOST_FILES * 2 or length > MOST_DIRECTORY:
        raise DataError(f"{name} has more than {MOST_FILES:,} files. Pack fewer images.")


def _check(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Checks what the zip says about its entries, before anything is unpacked."""
    if len(infos) > MOST_FILES * 2:
        raise DataError(f"{name} has {len(infos):,} entries, more than {MOST_FILES:,} files. Pack fewer images.")
    if not all(info.filename for info in infos):
        raise DataError(f"{name} has an entry without a name: it is damaged. Pack the folder again, as a .zip.")
    if any(info.flag_bits & 1 for info in infos):
        raise DataError(f"{name} is locked with a password. Pack it again without one.")
    if (total := sum(info.file_size for info in infos)) > MOST_BYTES:
        raise DataError(
            f"{name} would unpack to {total / 2**30:,.1f} GB, more than {MOST_BYTES // 2**30} GB. Pack fewer or "
            "smaller images."
        )
    for info in infos:
        if info.file_size > 2**20 and info.file_size > MOST_TIMES * max(info.compress_size, 1):
            raise DataError(
                f"{name} looks like a zip bomb: {_shown(info)} would unpack to {info.file_size / 2**20:,.0f} MB from "
                f"{info.compress_size / 2**20:,.1f} MB. No image does that; nothing was unpacked."
            )


def _path(info: zipfile.ZipInfo, name: str) -> PurePosixPath:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise DataError(
            f"{name} has an entry that points outside it ({_shown(info)}), which may be an attack. Pack the folder of "
            "images again."
        )
    return path


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise LeftOutError("a link to somewhere else, not a file")
        if info.file_size > LARGEST_FILE:
            raise LeftOutError(f"larger than {LARGEST_FILE // 2**20} MB")
        try:
            with archive.open(info) as stream:
                return bytes(at_most(stream, LARGEST_FILE))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            raise LeftOutError("damaged inside the zip") from None

    return read


def _shown(info: zipfile.ZipInfo) -> str:
    return repr(info.filename if len(info.filename) <= 60 else info.filename[:57] + "…")
