"""Records what real runs say of their test pictures: pages/recorded/judgements/NAME.toml -> NAME.json beside it.

CONVSCOPE_DATA=FOLDER python tools/record_judgements.py NAME ...      these
CONVSCOPE_DATA=FOLDER python tools/record_judgements.py               all of them anew

A recipe says: preset, data, backend, and in [changes] what differs from the preset, by dotted path.
"""

import sys
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import backends  # noqa: E402
from core.data import catalogue  # noqa: E402
from core.experiment import changed  # noqa: E402
from core.judged import Judged, summed_up  # noqa: E402
from core.measures.judgement import Judgement  # noqa: E402
from core.network import presets  # noqa: E402
from core.runs import predictions  # noqa: E402
from core.runs.folder import Run, create  # noqa: E402
from core.runs.recording import record  # noqa: E402


FOLDER = ROOT / "pages" / "recorded" / "judgements"
DEVICE = "cpu"


def main(names: list[str]) -> None:
    for name in names or sorted(path.stem for path in FOLDER.glob("*.toml")):
        made = make(name, tomllib.loads((FOLDER / f"{name}.toml").read_text()))
        path = FOLDER / f"{name}.json"
        path.write_text(made.model_dump_json() + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {made.label}, top-1 {made.top[0]}")


def make(name: str, recipe: dict) -> Judged:
    experiment = changed(presets.experiment(recipe["preset"], recipe["data"]), **recipe.get("changes", {}))
    if lacking := catalogue.missing(recipe["data"]):
        sys.exit(lacking)
    backend = backends.load(recipe["backend"])
    with tempfile.TemporaryDirectory() as folder:
        run = create(experiment, recipe["backend"], DEVICE, folder=Path(folder))
        if record(run, backend, recipe["backend"], DEVICE, lambda: "", lambda event: None) != "finished":
            sys.exit(f"{name}: {run.events()[-1]['reason']}")
        return Judged(
            name=name,
            experiment=run.experiment,
            backend=backends.about(recipe["backend"]).LABEL,
            version=backend.version(),
            device=DEVICE,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            command=f"python tools/record_judgements.py {name}",
            **summed_up(judgement(run)),
        )


def judgement(run: Run) -> Judgement:
    found = predictions.load(run.predictions_path, "test")
    if found is None:
        sys.exit("the run kept no predictions of test pictures")
    return Judgement(found.logits, found.labels)


if __name__ == "__main__":
    main(sys.argv[1:])
