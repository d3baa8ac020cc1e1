"""Records how many pictures a second each backend trains here -> pages/recorded/measured/throughput.json.

CONVSCOPE_DATA=FOLDER python tools/record/throughput.py [ROUNDS] [STEPS]      by default 5 rounds of 60 steps

Every backend runs on the CPU and on each accelerator that it finds, in turn, round by round, as `python -m benchmarks
--only throughput` measures it. The load of the machine is written down, too: on a busy one only ratios say something.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import backends  # noqa: E402
from backends.fresh_process import each, look_at  # noqa: E402
from benchmarks.__main__ import BACKENDS, in_turn, measured_experiment  # noqa: E402
from core.experiment.experiment import changed  # noqa: E402
from core.hardware import CORES  # noqa: E402
from core.recordings.tables import Measured  # noqa: E402


PATH = ROOT / "pages" / "recorded" / "measured" / "throughput.json"
BUSY = 3.0
PICTURES = 4096
"""As many to train with: a run ends by judging them all, which is not what is measured."""


def main(rounds: int = 5, steps: int = 60) -> None:
    begun, load = time.perf_counter(), [os.getloadavg()[0]]
    experiment, places = changed(measured_experiment(steps), **{"data.train": PICTURES}), found_places()
    with tempfile.TemporaryDirectory() as runs:
        os.environ["CONVSCOPE_RUNS"] = runs
        speeds, _ = in_turn(experiment, rounds, {}, places)
    load.append(os.getloadavg()[0])
    made = Measured(
        name="throughput",
        what=said(experiment, rounds, steps, places, load),
        experiment=experiment,
        backend=", ".join(backends.about(name).LABEL for name in BACKENDS),
        version=f"({', '.join(f'{backends.about(name).REQUIRES} {backends.version(name)}' for name in BACKENDS)})",
        device=f"{CORES} CPU cores",
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=f"python tools/record/throughput.py {rounds} {steps}",
        seconds=round(time.perf_counter() - begun, 1),
        numbers={
            "who": list(speeds),
            "speeds": [[round(one, 1) for one in of] for of in speeds.values()],
            "load": [round(one, 1) for one in load],
        },
    )
    PATH.write_text(made.model_dump_json() + "\n")
    print(f"{PATH.relative_to(ROOT)}: {made.label}; {made.what}\n{made.numbers}")


def found_places() -> list[tuple[str, str]]:
    """(backend, device), the CPU of each first. Asked of a process each: this one imports no framework."""
    found = each(look_at, [(name,) for name in BACKENDS])
    return [(entry["name"], device["id"]) for entry in found for device in entry["devices"]]


def said(experiment, rounds: int, steps: int, places: list[tuple[str, str]], load: list[float]) -> str:
    accelerators = sorted({device for _, device in places if device != "cpu"})
    gpus = f"accelerators: {', '.join(accelerators)}" if accelerators else "no GPU was there"
    busy = f"; the machine was busy with other work, too (load {load[0]:.1f} to {load[-1]:.1f})"
    return (
        f"training of {experiment.title}, {experiment.training.batch_size} pictures a batch, the median of {rounds} rounds "
        f"of {steps} steps each, all in turn; {gpus}{busy if max(load) >= BUSY else ''}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
