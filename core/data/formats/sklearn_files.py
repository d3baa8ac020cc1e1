"""Files that come with scikit-learn: found in its folder, for importing it takes a second."""

from importlib.util import find_spec
from pathlib import Path

from core.data.dataset import DataError


def bundled(file: str) -> Path:
    """A file in its folder `datasets`. Raises DataError."""
    result = find_spec("sklearn")
    if result is None or result.origin is None:
        raise DataError(f"{Path(file).name} comes with scikit-learn, which is not installed: pip install scikit-learn")
    return Path(result.origin).parent / "datasets" / file
