"""For each feature map: the nine patches of test digits that excite it most, and a patch optimised to excite it."""

from typing import Literal

from core.recordings.arrays import RecordedArrays
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words
from pages.widgets.explain.trained_filters import images


RECORDING, TRAINING = "inside-patches", "inside-training"


class Options(Spec):
    """`layer` is the convolution whose maps are shown."""

    layer: Literal["conv1", "conv2"] = "conv1"


def show(options: Options, key: str) -> None:
    result, texts, layer = load(RECORDING), words(__file__), options.layer
    maps = result.packed[f"{layer}-dreams"].shape[0]
    last = load(TRAINING).numbers["steps"][-1]
    arrays = {name: images(result.packed[f"{layer}-{name}"]) for name in ("patches", "dreams")}
    arrays["kernel"] = images(load(TRAINING).packed[f"conv1.weights-{last}"])
    choosers = [{"name": texts["map"], "choices": [str(n + 1) for n in range(maps)], "slider": True, "start": 0}]
    scenes = {str(n): scene(result, layer, n, texts) for n in range(maps)}
    data = {"choosers": choosers, "scenes": scenes, "arrays": arrays, "words": texts}
    component("image_wall")(key=f"{key}-wall", data=data)
    origin(result)


def scene(recording: RecordedArrays, layer: str, n: int, texts: dict[str, str]) -> dict:
    answers, labels = recording.numbers[f"{layer}-answers"][n], recording.numbers[f"{layer}-labels"][n]
    nine = [
        {
            "from": ["patches", 9 * n + k],
            "name": texts["patch"].format(k=k + 1),
            "caption": texts["caption"].format(answer=answer, label=label),
        }
        for k, (answer, label) in enumerate(zip(answers, labels, strict=True))
    ]
    caption = texts["made"].format(answer=recording.numbers[f"{layer}-dream-answers"][n])
    dream = [{"from": ["dreams", n], "name": texts["dream"], "caption": caption}]
    groups = [
        {"title": texts["patches"], "tone": "input", "grey": True, "images": nine},
        {"title": texts["dreams"], "tone": "gradient", "grey": True, "images": dream},
    ]
    if layer == "conv1":
        label = texts["kernel name"].format(n=n + 1)
        kernel = [{"from": ["kernel", n], "name": label, "caption": label}]
        groups.insert(0, {"title": texts["kernel"], "tone": "kernel", "grey": False, "images": kernel})
    return {"groups": groups, "told": texts["summary"].format(n=n + 1)}
