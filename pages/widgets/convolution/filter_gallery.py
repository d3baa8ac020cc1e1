"""An image filtered with a handmade kernel: blur, differences, edges, a curve, or one you type."""

import numpy as np
import streamlit as st
from pydantic import Field

from core.data.dataset import DataError
from core.demos.images import filters
from core.demos.images.convolution_2d import slide
from core.demos.images.sample_images import CREDITS, VIEWS, view
from core.demos.images.template_matching import peaks
from core.demos.images.uploaded_image import grey
from core.lessons.answers import AnswerError, read_numbers
from core.network.errors import NetworkError
from core.random import generator
from core.spec import Spec
from pages.ui.component import component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words
from pages.widgets.convolution.template_search import png, significant


CONTROLS = ("image", "filter", "noise")
KERNELS = (
    "mean",
    "gaussian",
    "difference",
    "difference down",
    "sobel",
    "sobel down",
    "edge",
    "blurred edge",
    "curve",
    "own",
)
SIDE = 96
LARGEST = 15


class Options(Spec):
    """`image` is one of core.demos.images.sample_images, `filter` one of KERNELS; `kernel` is where "own" starts."""

    image: str = Field(default="temple", pattern=f"^({'|'.join(VIEWS)})$")
    filter: str = Field(default="gaussian", pattern=f"^({'|'.join(KERNELS)})$")
    size: int = Field(default=5, ge=1, le=LARGEST)
    sigma: float = Field(default=1, ge=0.3, le=6)
    angle: int = Field(default=45, ge=0, le=360)
    noise: int = Field(default=0, ge=0, le=80)
    kernel: list[list[float]] = Field(default_factory=lambda: [[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    try:
        name, image = chosen_image(options, key, texts)
        kernel = chosen_kernel(options, key, texts)
        result = slide(image, kernel).map
    except (AnswerError, DataError) as error:
        st.error(sentence(str(error)))
        return
    except NetworkError:
        st.error(sentence(texts["fits"]))
        return
    component("response_map")(key=f"{key}-map", data=drawn(image, kernel, result, texts))
    if credit := CREDITS.get(name):
        st.markdown(f":small[{credit}]")


def chosen_image(options: Options, key: str, texts: dict[str, str]) -> tuple[str, np.ndarray]:
    """The name and the pixels, with noise added. Raises DataError."""
    name, noise, file = options.image, options.noise, None
    left, right = st.columns(2)
    if offered("image", options):
        choices = (*VIEWS, "upload")
        name = left.selectbox(
            texts["image"], choices, choices.index(name), format_func=lambda one: texts[one], key=f"{key}-image"
        )
        if name == "upload":
            file = left.file_uploader(
                texts["file"], type=["png", "jpg", "jpeg", "webp"], key=f"{key}-file", max_upload_size=10
            )
    if offered("noise", options):
        noise = right.select_slider(texts["noise"], range(0, 81, 10), noise, key=f"{key}-noise")
    image = view(options.image) if name == "upload" and file is None else None
    if image is None:
        image = grey(file.getvalue(), SIDE) if file is not None else view(name)
    return name, noisy(image, noise)


def noisy(image: np.ndarray, deviation: int) -> np.ndarray:
    """Adds Gaussian noise, the same every time, and clips to 0 to 255."""
    drawn = generator(1, "filter gallery", "noise").normal(0, 1, image.shape)
    return np.clip(image + deviation * drawn, 0, 255)


def offered(name: str, options: Options) -> bool:
    return name in options.controls and not hidden(name)


def chosen_kernel(options: Options, key: str, texts: dict[str, str]) -> np.ndarray:
    """Raises AnswerError."""
    name = options.filter
    if offered("filter", options):
        name = st.selectbox(
            texts["filter"],
            KERNELS,
            KERNELS.index(name),
            format_func=lambda one: texts[one],
            key=f"{key}-filter",
            bind="query-params",
        )
    chosen = settings(name, options, key, texts)
    if name == "own":
        return typed(st.text_area(texts["typed"], as_text(options.kernel), key=f"{key}-typed", height=110), texts)
    if name == "gaussian":
        kept = filters.gaussian_kept(chosen["size"], chosen["sigma"])
        st.markdown(f":small[{texts['kept'].format(kept=kept, **chosen)}]")
    return build_kernel(name, chosen)


def settings(name: str, options: Options, key: str, texts: dict[str, str]) -> dict:
    """Size, width and direction; only controls that this kernel uses are shown."""
    chosen = {"size": options.size, "sigma": options.sigma, "angle": options.angle}
    uses = {
        "mean": ("size",),
        "gaussian": ("size", "sigma"),
        "edge": ("angle",),
        "blurred edge": ("size", "sigma", "angle"),
    }
    choices = {"size": range(1, LARGEST + 1, 2), "sigma": [0.5, 0.7, 1, 1.5, 2, 3, 4, 6], "angle": range(0, 361, 15)}
    used = uses.get(name, ()) if offered("filter", options) else ()
    for what, column in zip(used, st.columns(len(used)) if used else (), strict=True):
        values = sorted({*choices[what], chosen[what]})
        chosen[what] = column.select_slider(texts[what], values, chosen[what], key=f"{key}-{what}")
    return chosen


def build_kernel(name: str, chosen: dict) -> np.ndarray:
    match name:
        case "mean":
            return filters.mean(chosen["size"], chosen["size"])
        case "gaussian":
            return filters.gaussian(chosen["size"], chosen["sigma"])
        case "difference":
            return filters.DIFFERENCE
        case "difference down":
            return filters.DIFFERENCE.T
        case "sobel":
            return filters.SOBEL
        case "sobel down":
            return filters.SOBEL.T
        case "edge":
            return filters.edge(chosen["angle"])
        case "blurred edge":
            return filters.blurred_edge(chosen["size"], chosen["sigma"], chosen["angle"])
    return filters.CURVE


def as_text(rows: list[list[float]]) -> str:
    return "\n".join(" ".join(f"{number:g}" for number in row) for row in rows)


def typed(text: str, texts: dict[str, str]) -> np.ndarray:
    """Raises AnswerError."""
    rows = [read_numbers(line) for line in text.splitlines() if line.strip()]
    if not rows or len({len(row) for row in rows}) != 1 or max(len(rows), len(rows[0])) > LARGEST:
        raise AnswerError(texts["rows"].format(largest=LARGEST))
    return np.asarray(rows, np.float64)


def readable(kernel: np.ndarray) -> list:
    """Weights rounded so that they fit into their cells."""
    digits = 3 if kernel.shape[1] <= 3 else 2
    return [[float(f"{weight:.{digits}g}") + 0.0 for weight in row] for row in kernel.tolist()]


def drawn(image: np.ndarray, kernel: np.ndarray, result: np.ndarray, texts: dict[str, str]) -> dict:
    """The output of a blur (no negative weights, sum 1) is an image again, so it is shown in grey."""
    blurs = kernel.min() >= 0 and abs(kernel.sum() - 1) < 1e-6
    return {
        "image": png(image[None]),
        "size": list(image.shape),
        "weights": readable(kernel),
        "patch": list(kernel.shape),
        "pads": [0, 0],
        "map": significant(result),
        "grey": png(result[None]) if blurs else "",
        "peaks": peaks(np.abs(result), 12, 4),
        "words": texts,
    }
