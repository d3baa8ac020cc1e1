"""Records what real runs say of their test pictures: pages/recorded/judgements/NAME.toml -> NAME.json beside it.

CONVSCOPE_DATA=FOLDER python tools/record/evaluations.py NAME ...      these
CONVSCOPE_DATA=FOLDER python tools/record/evaluations.py               all of them anew

A recipe says: preset, data, backend, and in [changes] what differs from the preset, by dotted path.
"""

import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import backends  # noqa: E402
from core.metrics.evaluation import Judgement  # noqa: E402
from core.recordings.evaluation import Judged, summed_up  # noqa: E402
from core.runs import predictions  # noqa: E402
from core.runs.folder import Run  # noqa: E402
from tools.record.runs import DEVICE, finished  # noqa: E402


FOLDER = ROOT / "pages" / "recorded" / "judgements"


def main(names: list[str]) -> None:
    for name in names or sorted(path.stem for path in FOLDER.glob("*.toml")):
        made = make(name, tomllib.loads((FOLDER / f"{name}.toml").read_text()))
        path = FOLDER / f"{name}.json"
        path.write_text(made.model_dump_json() + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {made.label}, top-1 {made.top[0]}")


def make(name: str, recipe: dict) -> Judged:
    with finished(name, recipe) as (run, version):
        return Judged(
            name=name,
            experiment=run.experiment,
            backend=backends.about(recipe["backend"]).LABEL,
            version=version,
            device=DEVICE,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            command=f"python tools/record/evaluations.py {name}",
            **summed_up(judgement(run)),
        )


def judgement(run: Run) -> Judgement:
    found = predictions.load(run.predictions_path, "test")
    if found is None:
        sys.exit("the run kept no predictions of test pictures")
    return Judgement(found.logits, found.labels)


if __name__ == "__main__":
    main(sys.argv[1:])
