"""What the catalogue knows about a data set before it is loaded."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFile:
    """A file inside the data folder; `also` are names under which the same content is accepted."""

    path: str
    also: tuple[str, ...] = ()
    md5: str = ""
    """Of the official file, for downloads only: other well-formed bytes are welcome too."""
    size: int = 0
    """Bytes of the official file, for the progress bar."""
    addresses: tuple[str, ...] = ()
    """Where it can be downloaded, tried in turn; none when it stands behind a login."""
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
    """One sentence: whose it is, under which licence."""
    wanted: tuple[DataFile, ...] = ()
    get_it: str = ""
    """One clause: where a person gets the files by hand."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files it looks for, relative to the data folder."""
        return tuple(file.path for file in self.wanted)

    @property
    def downloadable(self) -> bool:
        return bool(self.wanted) and all(file.addresses for file in self.wanted)
