"""Records the small real runs that lessons replay: pages/recorded/recipes/NAME.toml -> pages/recorded/NAME.json.

CONVSCOPE_DATA=FOLDER python tools/record/runs.py NAME ...      these; the data are found as the dashboard finds them
CONVSCOPE_DATA=FOLDER python tools/record/runs.py               all of them anew

A recipe says: preset, data, backend, and in [changes] what differs from the preset, by dotted path.
"""

import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import backends  # noqa: E402
from core.data import catalogue  # noqa: E402
from core.experiment import presets  # noqa: E402
from core.experiment.experiment import changed  # noqa: E402
from core.recordings.run import Epoch, Recorded, thinned  # noqa: E402
from core.runs.event_log_state import reading  # noqa: E402
from core.runs.folder import Run, create  # noqa: E402
from core.runs.trainer import record  # noqa: E402


FOLDER = ROOT / "pages" / "recorded"
POINTS = 120
DEVICE = "cpu"


def main(names: list[str]) -> None:
    for name in names or sorted(path.stem for path in (FOLDER / "recipes").glob("*.toml")):
        made = make(name, tomllib.loads((FOLDER / "recipes" / f"{name}.toml").read_text()))
        path = FOLDER / f"{name}.json"
        path.write_text(made.model_dump_json() + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {made.label}, {made.results['test']}")


def make(name: str, recipe: dict) -> Recorded:
    with finished(name, recipe) as (run, version):
        return recorded(name, run, version)


@contextmanager
def finished(name: str, recipe: dict) -> Iterator[tuple[Run, str]]:
    """Trains what a recipe says, in a folder that is gone afterwards: the run, and the version of its framework."""
    experiment = changed(presets.experiment(recipe["preset"], recipe["data"]), **recipe.get("changes", {}))
    if lacking := catalogue.missing(recipe["data"]):
        sys.exit(lacking)
    backend = backends.load(recipe["backend"])
    with tempfile.TemporaryDirectory() as folder:
        run = create(experiment, recipe["backend"], DEVICE, folder=Path(folder))
        if record(run, backend, recipe["backend"], DEVICE, lambda: "", lambda event: None) != "finished":
            sys.exit(f"{name}: {run.events()[-1]['reason']}")
        yield run, backend.version()


def recorded(name: str, run: Run, version: str) -> Recorded:
    found = reading(run.events_path)
    steps, losses = thinned(found.losses, POINTS)
    return Recorded(
        name=name,
        experiment=run.experiment,
        backend=backends.about(found.backends[-1]).LABEL,
        version=version,
        device=DEVICE,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=f"python tools/record/runs.py {name}",
        seconds=round(found.seconds, 1),
        steps=steps,
        losses=losses,
        epochs=tuple(_epoch(event) for event in found.epochs.values() if event["validation"]),
        results={part: measured for part, measured in run.events()[-1]["result"].items() if measured},
    )


def _epoch(event: dict) -> Epoch:
    measured = event["validation"]
    return Epoch(step=event["step"], loss=round(measured["loss"], 5), accuracy=round(measured["accuracy"], 5))


if __name__ == "__main__":
    main(sys.argv[1:])
