"""Images optimised to excite each output of a trained network, with and without decay and blur, step by step."""

from core.recordings.arrays import RecordedArrays
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words
from pages.widgets.explain.trained_filters import images


RECORDING = "inside-dreams"
SETTINGS = ("plain", "decay", "blur", "both")


class Options(Spec):
    """No options: there is one recording."""


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    frames = result.numbers["frames"]
    choosers = [
        {"name": texts["how"], "choices": [texts[name] for name in SETTINGS], "slider": False, "start": 0},
        {"name": texts["frame"], "choices": [str(frame) for frame in frames], "slider": True, "start": 0},
    ]
    scenes = {
        f"{k},{at}": scene(result, name, frame, texts)
        for k, name in enumerate(SETTINGS)
        for at, frame in enumerate(frames)
    }
    arrays = {name: images(packed) for name, packed in result.packed.items()}
    data = {"choosers": choosers, "scenes": scenes, "arrays": arrays, "words": texts}
    component("image_wall")(key=f"{key}-wall", data=data)
    origin(result)


def scene(recording: RecordedArrays, name: str, frame: int, texts: dict[str, str]) -> dict:
    """Before the first step all ten are the same image."""
    which = f"{name}-{frame}" if frame else "start"
    sure, logits, rough = (recording.array(f"{which}-{what}") for what in ("probability", "logit", "variation"))
    shown = [
        {
            "from": [which, n if frame else 0],
            "name": texts["name"].format(n=n),
            "caption": texts["caption"].format(n=n, p=sure[n]),
        }
        for n in range(10)
    ]
    group = {"title": texts["title"], "tone": "input", "grey": True, "side": 100, "images": shown}
    summary = texts["summary"].format(p=sure.min(), logit=logits.mean(), tv=rough.mean())
    return {"groups": [group], "told": summary}
