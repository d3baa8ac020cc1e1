"""Screenshots of the pages, with a real training.

python -m tools.screenshots            those of the README, into docs/images
python -m tools.screenshots FOLDER     every page, light and dark, wide and narrow, to inspect before a release
python -m tools.screenshots FOLDER lesson?lesson=l06 ...     these pages only, without a training
"""

import re
import sys
import tempfile
from pathlib import Path

from tests.support.browser import RUNS, chromium, open_page, server, wait_idle


ROOT = Path(__file__).parents[1]
PAGES = {
    "home": "",
    "data": "data",
    "lessons": "lessons",
    "build": "build",
    "train": "train",
    "explore": "explore",
    "compare": "compare",
    "evaluate": "evaluate",
    "imbalance": "imbalance",
    "transfer": "transfer",
    "runs": "runs",
}
WIDE, NARROW = 1280, 400
TALLEST = 12_000
README = ("build", "compare-dark")
"""In addition to train-live, which is always taken."""


def selected(folder: Path, paths: list[str]) -> None:
    """Screenshots of these pages of an empty dashboard: light and dark, wide and narrow."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as runs, chromium() as browser, server(Path(runs) / "runs") as address:
        for path in paths:
            for scheme in ("light", "dark"):
                for width in (WIDE, NARROW):
                    name = re.sub(r"\W+", "-", path)
                    shoot(browser, f"{address}/{path}", folder / f"{name}-{scheme}-{width}.png", width, scheme)


def main(folder: Path, names: tuple[str, ...]) -> None:
    """Screenshots of the pages in `names`, or of all if it is empty, after one training."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as runs, chromium() as browser, server(Path(runs) / "runs") as address:
        train(browser, address, folder / "train-live.png")
        for name, path in PAGES.items():
            for scheme in ("light", "dark"):
                for width in (WIDE, NARROW):
                    image = name + ("-dark" if scheme == "dark" else "") + ("-narrow" if width == NARROW else "")
                    if image in names or not names:
                        shoot(browser, f"{address}/{path}", folder / f"{image}.png", width, scheme)


def train(browser, address: str, live: Path) -> None:
    """Start the first training from Home on every installed backend and take a screenshot halfway."""
    page = open_page(browser, address, viewport={"width": WIDE, "height": 1000})
    page.get_by_role("button", name="Train this network").click()
    page.wait_for_function(
        """plots => { const drawn = (document.querySelector(plots)?.calcdata ?? []).map(c => c.length);
        return drawn.length > 1 && drawn.every(count => count > 20); }""",
        arg=RUNS,
        timeout=120_000,
    )
    page.screenshot(path=live)
    page.wait_for_function("document.body.innerText.includes('Final results')", timeout=300_000)
    page.context.close()


def shoot(browser, address: str, image: Path, width: int, scheme: str) -> None:
    page = open_page(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(height, 700), TALLEST)})
    wait_idle(page, settle=600)
    page.screenshot(path=image)
    page.context.close()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        selected(Path(sys.argv[1]), sys.argv[2:])
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]), ())
    else:
        main(ROOT / "docs" / "images", README)
