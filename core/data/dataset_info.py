"""What the catalogue knows about a data set before it is loaded."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFile:
    """A file inside the data folder; `also` lists other accepted names of the same content."""

    path: str
    also: tuple[str, ...] = ()
    md5: str = ""
    """Checksum of the official file, for downloads only: another valid file is accepted, too."""
    size: int = 0
    """Bytes of the official file, for the progress bar."""
    addresses: tuple[str, ...] = ()
    """Where it can be downloaded, tried in turn; empty if it is behind a login."""
    optional: bool = False
    """The data set can be used without it."""

    def find(self, folder: Path) -> Path | None:
        return next((folder / path for path in (self.path, *self.also) if (folder / path).is_file()), None)


@dataclass(frozen=True)
class Entry:
    name: str
    label: str
    shape: tuple[int, int, int]
    """(C, H, W) of one image."""
    class_names: tuple[str, ...]
    summary: str
    source: str
    """One sentence: the authors and the licence."""
    wanted: tuple[DataFile, ...] = ()
    get_it: str = ""
    """A clause: where to get the files by hand."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the data set, relative to the data folder."""
        return tuple(file.path for file in self.wanted)

    @property
    def downloadable(self) -> bool:
        return bool(self.wanted) and all(file.addresses for file in self.wanted)
