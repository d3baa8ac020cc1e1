"""Image files from a .zip, which is read in memory and never unpacked to disk, or from a folder on this computer."""

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core.data.dataset import DataError
from core.data.formats.image_file import LeftOutError
from core.data.formats.safe_open import at_most


LARGEST_FILE = 50 * 2**20
MOST_BYTES = 2 * 2**30
"""All files together, unpacked."""
MOST_TIMES = 200
"""The largest compression ratio of a file of more than a megabyte: images hardly shrink at all."""
MOST_DIRECTORY = 32 * 2**20
"""Bytes of a zip's list of contents, enough for 300,000 files."""
HIDDEN = ("__MACOSX", "Thumbs.db", "desktop.ini")
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
OTHER_METHODS = {
    **{1: "Shrink", 6: "Implode", 9: "Deflate64, as Windows does for large zips", 93: "Zstandard", 95: "XZ"},
    **{97: "WavPack", 98: "PPMd", 99: "AES, with a password"},
}
OTHER_ARCHIVES = {
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b": "a .gz or .tgz archive",
    b"BZh": "a .bz2 archive",
    b"\xfd7zXZ": "an .xz archive",
    b"\x89PNG": "a single PNG image",
    b"\xff\xd8\xff": "a single JPEG image",
}


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
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Reason -> files that are not among the members."""


@contextmanager
def zipped(content: bytes, name: str) -> Iterator[Contents]:
    """Raises DataError if it is not a zip, is too large, has a password, or has an entry that points outside it."""
    _check_directory(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _check(infos, name)
            yield _contents(archive, infos, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise DataError(f"{name} is not a readable zip ({error}). Pack the folder again, as a .zip.") from None


def _contents(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], name: str) -> Contents:
    members: dict[PurePosixPath, Member] = {}
    folders, twice = set(), []
    for info in infos:
        path = _path(info, name)
        if not visible(path):
            continue
        if info.is_dir():
            folders.add(path)
        elif path in members:
            twice.append(str(path))
        else:
            members[path] = Member(path, _reader(archive, info))
    left_out = {"stored a second time under the same name": twice} if twice else {}
    return Contents(list(members.values()), frozenset(folders), left_out)


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
    """Checks the length of the list of contents that Python's zipfile will read, before it creates an object for every
    entry."""
    if not content.startswith(b"PK"):
        other = next((words for mark, words in OTHER_ARCHIVES.items() if content.startswith(mark)), "")
        if content[257:262] == b"ustar":
            other = "a tar archive"
        raise DataError(
            f"{name} is not a zip: it {f'is {other}' if other else 'does not start like one'}. Pack the folder of "
            "images as a .zip."
        )
    end = content.rfind(b"PK\5\6", max(0, len(content) - 2**16 - 22))
    if end < 0 or len(content) < end + 22:
        raise DataError(f"{name} was cut short: the list of contents at its end is missing. Pack the folder again.")
    (length,) = struct.unpack_from("<I", content, end + 12)
    if content[max(end - 20, 0) : end].startswith(b"PK\6\7"):  # Python follows it even where the zip is small
        (record,) = struct.unpack_from("<Q", content, end - 12)
        before = end - 20 - 56
        for at in (record, before):
            if 0 <= at <= before and content.startswith(b"PK\6\6", at):
                length = max(length if length != 2**32 - 1 else 0, *struct.unpack_from("<Q", content, at + 40))
    if length > MOST_DIRECTORY:
        raise DataError(
            f"{name} has a list of contents of {length / 2**20:,.0f} MB, more than {MOST_DIRECTORY // 2**20} MB. Pack "
            "fewer images."
        )


def _check(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Checks what the zip says about its entries, before anything is unpacked."""
    if not all(info.filename for info in infos):
        raise DataError(f"{name} has an entry without a name: it is damaged. Pack the folder again, as a .zip.")
    if any(info.flag_bits & 1 for info in infos):
        raise DataError(f"{name} is locked with a password. Pack it again without one.")
    if strange := sorted({info.compress_type for info in infos if not info.is_dir()} - METHODS):
        method = OTHER_METHODS.get(strange[0], f"number {strange[0]}")
        raise DataError(
            f"{name} is packed by a method that this cannot unpack ({method}). Pack the folder with another program, "
            "or with the method Deflate."
        )
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
    path = PurePosixPath(_name(info).replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and re.fullmatch("[A-Za-z]:", path.parts[0])):
        raise DataError(
            f"{name} has an entry that points outside it ({_shown(info)}), which may be an attack. Pack the folder of "
            "images again."
        )
    return path


def _name(info: zipfile.ZipInfo) -> str:
    """Python takes a name without a mark for code page 437; many programs write UTF-8 and forget the mark."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


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
