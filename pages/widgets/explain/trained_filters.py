"""The kernels of a convolution at several steps of a recorded training."""

from typing import Literal

from core.recordings.arrays import Packed, RecordedArrays
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.formatting import percent
from pages.ui.provenance import origin
from pages.ui.translations import words


RECORDING = "inside-training"


class Options(Spec):
    """`layer`: the first convolution, or the second with a slider for its filters."""

    layer: Literal["conv1", "conv2"] = "conv1"


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    steps, name = result.numbers["steps"], f"{options.layer}.weights"
    shape = result.packed[f"{name}-0"].shape
    maps = shape[0] if options.layer == "conv2" else 1
    choosers = [{"name": texts["step"], "choices": [f"{step:,}" for step in steps], "slider": True, "start": 0}]
    if maps > 1:
        choosers.append(
            {"name": texts["map"], "choices": [str(n + 1) for n in range(maps)], "slider": True, "start": 0}
        )
    scenes = {
        f"{at},{n}" if maps > 1 else f"{at}": scene(result, at, n, options.layer, texts)
        for at in range(len(steps))
        for n in range(maps)
    }
    arrays = {str(step): images(result.packed[f"{name}-{step}"]) for step in steps}
    data = {"choosers": choosers, "scenes": scenes, "arrays": arrays, "words": texts}
    component("image_wall")(key=f"{key}-wall", data=data)
    origin(result)


def scene(recording: RecordedArrays, at: int, n: int, layer: str, texts: dict[str, str]) -> dict:
    step = recording.numbers["steps"][at]
    accuracies = {part: percent(recording.numbers[part][at]) for part in ("train", "validation")}
    label = texts["kernel" if layer == "conv1" else "from"]
    shown = [
        {"from": [str(step), 8 * n + k], "name": label.format(n=k + 1), "caption": label.format(n=k + 1)}
        for k in range(8)
    ]
    group = {"title": texts[layer].format(n=n + 1), "tone": "kernel", "grey": False, "images": shown}
    return {"groups": [group], "told": texts["summary"].format(step=f"{step:,}", **accuracies)}


def images(packed: Packed) -> dict:
    """The last two axes are height and width."""
    return {"step": packed.step, "levels": packed.levels, "height": packed.shape[-2], "width": packed.shape[-1]}
