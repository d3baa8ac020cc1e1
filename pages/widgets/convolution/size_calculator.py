"""How many windows fit: (N - K + 2P) / S + 1 with sliders, exact and rounded."""

from itertools import product

from pydantic import Field

from core.demos.images.output_size import exact, rounded
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


WINDOWS, STRIDES, PADDINGS = range(1, 12), range(1, 5), range(4)


class Options(Spec):
    """`size` is the side of the image; the other options are where the sliders start."""

    size: int = Field(ge=max(WINDOWS), le=1000)
    window: int = Field(default=7, ge=WINDOWS[0], le=WINDOWS[-1])
    stride: int = Field(default=2, ge=STRIDES[0], le=STRIDES[-1])
    padding: int = Field(default=0, ge=PADDINGS[0], le=PADDINGS[-1])


def show(options: Options, key: str) -> None:
    sizes = {
        f"{k},{s},{p}": {
            "exact": round(float(exact(options.size, k, s, p)), 3),
            "down": rounded(options.size, k, s, p),
            "up": rounded(options.size, k, s, p, up=True),
        }
        for k, s, p in product(WINDOWS, STRIDES, PADDINGS)
    }
    ranges = {"window": list(WINDOWS), "stride": list(STRIDES), "padding": list(PADDINGS)}
    data = {"size": options.size, "start": options.model_dump(), "ranges": ranges, "sizes": sizes}
    component(__file__)(key=f"{key}-size", data=data | {"words": words(__file__)})
