"""Screenshots of the pages, with a real training, and a film of the living network.

python -m tools.screenshots            those of the README, into docs/images, with a short film of the living network
python -m tools.screenshots FOLDER     every page, light and dark, wide and narrow, to inspect before a release
python -m tools.screenshots FOLDER lesson?lesson=l06 ...     these pages only, without a training
"""

import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from PIL import Image

from tests.support.browser import RUNS, chromium, open_page, server, wait_idle


ROOT = Path(__file__).parents[1]
PAGES = {
    "home": "",
    "data": "data",
    "lessons": "lessons",
    "build": "build",
    "train": "train",
    "explore": "explore?run=mnist-cnn",
    "explore-inside": "explore?run=mnist-cnn&view=inside",
    "explore-why": "explore?run=mnist-cnn&view=why",
    "explore-draw": "explore?run=mnist-cnn&view=draw",
    "explore-break": "explore?run=mnist-cnn&view=break",
    "transfer": "transfer",
    "compare": "compare",
    "evaluate": "evaluate",
    "imbalance": "imbalance",
    "runs": "runs",
}
WIDE, NARROW = 1280, 400
FILM_WIDTH, FILM_HEIGHT = 800, 1120
STROKE = (
    (0.3, 0.26),
    (0.5, 0.16),
    (0.67, 0.26),
    (0.64, 0.4),
    (0.48, 0.48),
    (0.66, 0.57),
    (0.69, 0.72),
    (0.52, 0.84),
    (0.3, 0.76),
)
"""A 3, in shares of the pad, across and down."""
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
        film(browser, address, folder / "living-network.gif")
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
        """plots => { const plot = document.querySelector(plots);
        const ofRuns = (_, k) => plot._fullData[k].name !== 'validation';
        const drawn = [...plot?.calcdata ?? []].filter(ofRuns).map(c => c.length);
        return drawn.length > 1 && drawn.every(count => count > 20); }""",
        arg=RUNS,
        timeout=120_000,
    )
    page.screenshot(path=live)
    page.wait_for_function("document.body.innerText.includes('Final results')", timeout=300_000)
    page.context.close()


def film(browser, address: str, path: Path) -> None:
    """The living network on Home as a GIF: drawn on, a map and a cell opened, one training step."""
    page = open_page(browser, address, viewport={"width": WIDE, "height": FILM_HEIGHT + 200})
    widget = page.locator(".widget", has=page.locator(".living-stage"))
    widget.locator(".net-tile").first.wait_for()
    frames: list[tuple[Image.Image, int]] = []

    def take(milliseconds: int) -> None:
        page.wait_for_timeout(400)
        around = cast("dict[str, float]", widget.bounding_box())
        stage: Any = {**around, "height": FILM_HEIGHT}
        frame = Image.open(io.BytesIO(page.screenshot(clip=stage))).convert("RGB")
        small = frame.resize((FILM_WIDTH, round(frame.height * FILM_WIDTH / frame.width)))
        frames.append((small.quantize(64, dither=Image.Dither.NONE), milliseconds))

    take(1500)
    widget.get_by_role("button", name="Clear").click()
    box = cast("dict[str, float]", widget.locator(".pad").bounding_box())
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in STROKE]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
        take(500)
    page.mouse.up()
    take(2000)
    widget.locator(".net-tile").nth(2).click()
    take(3000)
    widget.locator(".net-panel [data-which=after]").click()
    take(3500)
    for _ in range(2):
        page.keyboard.press("Escape")
    widget.get_by_role("button", name="Train one step").click()
    for _ in range(6):
        take(600)
    take(2000)
    page.context.close()
    images, times = zip(*frames, strict=True)
    images[0].save(path, save_all=True, append_images=images[1:], duration=list(times), loop=0)


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
