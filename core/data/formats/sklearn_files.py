"""Files that come with scikit-learn, found in its folder because importing it takes a second."""

from importlib.util import find_spec
from pathlib import Path

from core.data.dataset import DataError


def bundled(file: str) -> Path:
    """A file in scikit-learn's folder `datasets`. Raises DataError."""
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise DataError(f"{Path(file).name} comes with scikit-learn, which is not installed: pip install scikit-learn")
    return Path(spec.origin).parent / "datasets" / file
