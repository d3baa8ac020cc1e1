"""Records what every pixel of MNIST does: CONVSCOPE_DATA=FOLDER python tools/record/pixel_statistics.py."""

import sys
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from core.data import catalogue  # noqa: E402
from core.demos.images.pixel_statistics import PixelStatistics  # noqa: E402


TRAINING, OTHERS = 4000, 1000
PATH = ROOT / "pages" / "recorded" / "pixels" / "mnist.json"


def main() -> None:
    if lacking := catalogue.missing("mnist"):
        sys.exit(lacking)
    pictures = catalogue.load("mnist").pictures[: TRAINING + OTHERS, 0]
    training, others = pictures[:TRAINING].astype(float), pictures[TRAINING:]
    found = PixelStatistics(
        data="MNIST",
        training=TRAINING,
        others=OTHERS,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command="python tools/record/pixel_statistics.py",
        mean=training.mean(axis=0).round(4).tolist(),
        std=training.std(axis=0).round(4).tolist(),
        largest=others.max(axis=0).tolist(),
        global_mean=round(training.mean(), 4),
        global_std=round(training.std(), 4),
    )
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(found.model_dump_json() + "\n")
    print(f"{PATH.relative_to(ROOT)}: {PATH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
