"""How many images per second each backend trains on this machine, on the CPU and on each accelerator.

All take turns, round by round, as in `python -m benchmarks --only throughput`. The load of the machine is also
recorded: on a busy machine only ratios are meaningful.
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
"""How many training images. A run ends by evaluating all of them, which is not measured, so there are few."""


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
    """(backend, device), the CPU of each first. Each framework is imported in a separate process, never in this one."""
    result = each(look_at, [(name,) for name in BACKENDS])
    return [(entry["name"], device["id"]) for entry in result for device in entry["devices"]]


def what(experiment: Experiment, devices: list[tuple[str, str]], load: list[float]) -> str:
    accelerators = sorted({device for _, device in devices if device != "cpu"})
    gpus = f"accelerators: {', '.join(accelerators)}" if accelerators else "no GPU"
    busy = f"; the machine was also busy with other work (load {load[0]:.1f} to {load[-1]:.1f})"
    return (
        f"training of {experiment.title}, {experiment.training.batch_size} images per batch; medians of {ROUNDS} "
        f"rounds of {STEPS} steps each, in turn; {gpus}{busy if max(load) >= BUSY else ''}"
    )
