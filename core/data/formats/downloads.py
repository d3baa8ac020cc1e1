"""Downloading missing files with pooch: mirrors in turn, checksums, progress on a page or in a terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.data.dataset import DataError
from core.data.dataset_info import DataFile


Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


def fetch(files: list[DataFile], folder: Path, progress: Progress | None = None) -> None:
    """Downloads those of `files` that are missing in `folder`; existing files are never overwritten.

    A file gets its name only after its checksum was verified. Raises DataError if no mirror has it.
    """
    missing = [file for file in files if not file.find(folder)]
    total = sum(file.size for file in missing)
    if progress is None:
        with _terminal_bar(total) as bar:
            _fetch_all(missing, folder, lambda done, _: bar.update(done - bar.n), total)
    else:
        _fetch_all(missing, folder, progress, total)


def _fetch_all(files: list[DataFile], folder: Path, progress: Progress, total: int) -> None:
    done = 0
    progress(done, total)
    for file in files:
        _fetch(file, folder, _Meter(progress, done, file.size, total))
        done += file.size
        progress(done, total)


def _fetch(file: DataFile, folder: Path, meter: "_Meter") -> None:
    import pooch  # imported here because only downloads need it

    pooch.get_logger().setLevel("WARNING")
    target, failures = folder / file.path, []
    for address in file.addresses:
        downloader = pooch.HTTPDownloader(progressbar=meter, chunk_size=2**16)
        try:
            pooch.retrieve(address, f"md5:{file.md5}", target.name, target.parent, downloader=downloader)
            return
        except (OSError, ValueError) as error:  # requests' errors are OSErrors, a wrong checksum is a ValueError
            failures.append(f"{address}: {_reason(error)}")
    raise DataError(
        f"{target.name} could not be downloaded ({'; '.join(failures) or 'no address is known'}). "
        f"Try again later, or put the file into {target.parent} yourself."
    )


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.RequestException):
        return "the server cannot be reached, or the connection broke: is this computer online?"
    if isinstance(error, ValueError) and "hash" in str(error):
        return "the downloaded file has the wrong checksum"
    return getattr(error, "strerror", None) or str(error)


class _Meter:
    """A progress bar as pooch needs it, for one file among several."""

    total = 0

    def __init__(self, progress: Progress, before: int, size: int, total: int):
        self._progress, self._before, self._size, self._total = progress, before, size, total
        self._done = 0

    def update(self, count: int) -> None:
        self._done = min(self._done + count, self._size)
        self._progress(self._before + self._done, self._total)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        self._done = 0  # a mirror that failed leaves nothing behind for the next


def _terminal_bar(total: int) -> Any:
    """A tqdm bar; tqdm has no type hints."""
    from tqdm import tqdm

    return tqdm(total=total, unit="B", unit_scale=True, desc="downloading")
