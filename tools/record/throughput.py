"""How many images per second each backend trains here, on the CPU and on each accelerator that it finds.

All take turns, round by round, as `python -m benchmarks --only throughput` measures it. The load of the machine is
recorded, too: on a busy one only ratios mean something.
"""

import os
import tempfile

import backends
from backends.fresh_process import each, look_at
from backends.throughput import BACKENDS, in_turn, measured_experiment
from core.experiment.experiment import Experiment, changed
from core.hardware import CORES


ROUNDS, STEPS = 9, 40
BUSY = 3.0
IMAGES = 4096
"""To train with. A run ends by evaluating all of them, which is not what is measured, so there are few."""


def throughput() -> dict:
    """The fields of Measured."""
    load = [os.getloadavg()[0]]
    experiment, devices = changed(measured_experiment(STEPS), **{"data.train": IMAGES}), found_devices()
    with tempfile.TemporaryDirectory() as runs:
        os.environ["CONVSCOPE_RUNS"] = runs
        speeds, _ = in_turn(experiment, ROUNDS, {}, devices)
    load.append(os.getloadavg()[0])
    return {
        "what": what(experiment, devices, load),
        "experiment": experiment,
        "backend": ", ".join(backends.about(name).LABEL for name in BACKENDS),
        "version": f"({', '.join(f'{backends.about(name).REQUIRES} {backends.version(name)}' for name in BACKENDS)})",
        "device": f"{CORES} CPU cores",
        "numbers": {
            "who": list(speeds),
            "speeds": [[round(one, 1) for one in of] for of in speeds.values()],
            "load": [round(one, 1) for one in load],
        },
    }


def found_devices() -> list[tuple[str, str]]:
    """(backend, device), the CPU of each first. Each is asked in its own process: this one imports no framework."""
    result = each(look_at, [(name,) for name in BACKENDS])
    return [(entry["name"], device["id"]) for entry in result for device in entry["devices"]]


def what(experiment: Experiment, devices: list[tuple[str, str]], load: list[float]) -> str:
    accelerators = sorted({device for _, device in devices if device != "cpu"})
    gpus = f"accelerators: {', '.join(accelerators)}" if accelerators else "no GPU was there"
    busy = f"; the machine was busy with other work, too (load {load[0]:.1f} to {load[-1]:.1f})"
    return (
        f"training of {experiment.title}, {experiment.training.batch_size} images per batch, the median of {ROUNDS} rounds "
        f"of {STEPS} steps each, all in turn; {gpus}{busy if max(load) >= BUSY else ''}"
    )
