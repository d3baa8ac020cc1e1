"""The command line: list, presets, experiment, train, compare. Exit code 0, or 2 with one sentence on stderr."""

import argparse
import json
import signal
import sys
from pathlib import Path

import backends
from backends.isolated import each, first_steps, look_at, no_chatter
from core import experiment as experiments, parity
from core.backend import BackendError
from core.data.dataset import DataError
from core.experiment import Experiment, ExperimentError
from core.network import presets
from core.network.counting import parameters
from core.network.shapes import NetworkError
from core.runs import folder
from core.runs.folder import Run, RunError
from core.runs.recording import record


SENTENCES = (BackendError, DataError, ExperimentError, NetworkError, RunError)


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        return asked.command(asked) or 0
    except SENTENCES as error:
        return _complain(error)
    except BrokenPipeError:
        return 0  # the reader of our output, `head` say, has seen enough
    except KeyboardInterrupt:
        return _complain("interrupted")


# --- list --------------------------------------------------------------------------------------------------------------


def list_backends(asked) -> None:
    entries = each(look_at, [(name,) for name in backends.names()])
    if asked.json:
        return _print_json(entries)
    for entry in entries:
        print(
            f"{entry['name']:<12} {entry['label']} {entry['version']}"
            + (f"  ({entry['problem']})" if entry["problem"] else "")
        )
        for device in entry["devices"]:
            memory = f", {device['memory'] / 2**30:.0f} GiB" if device["memory"] else ""
            print(f"{'':<12}   --device {device['id']:<8} {device['name']}{memory}")


# --- presets, experiment -------------------------------------------------------------------------------------------------


def list_presets(asked) -> None:
    entries = [
        {
            "name": preset.name,
            "label": preset.label,
            "sentence": preset.sentence,
            "input_shape": list(preset.home[0]),
            "classes": preset.home[1],
            "parameters": parameters(preset.network()),
        }
        for preset in presets.PRESETS
    ]
    if asked.json:
        return _print_json(entries)
    for entry in entries:
        shape = "x".join(map(str, entry["input_shape"]))
        print(f"{entry['name']:<20} {entry['parameters']:>9,} parameters on {shape:<8} {entry['sentence']}")


def print_experiment(asked) -> None:
    experiment = presets.experiment(asked.preset, asked.data)
    settings = dict(_setting(experiment, text) for texts in asked.set for text in texts)
    sys.stdout.write(experiments.changed(experiment, **settings).to_json())


def _setting(experiment: Experiment, text: str) -> tuple[str, object]:
    """epochs=3 -> ("training.epochs", 3); a key without a dot is looked for where it can only mean one thing."""
    key, equals, value = text.partition("=")
    if not equals:
        raise ExperimentError(f"--set wants key=value, for example training.epochs=3; got {text!r}")
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = value
    document = experiment.model_dump(mode="json")
    places = {
        "": document,
        "training.": document["training"],
        "training.optimizer.": document["training"]["optimizer"],
        "data.": document["data"],
    }
    found = [place for place, fields in places.items() if key in fields]
    return (found[0] + key if found else key), parsed


# --- train -----------------------------------------------------------------------------------------------------------------


def train(asked) -> int:
    backends.about(asked.backend)
    run = _run_to_train(asked)
    with no_chatter():
        backend = backends.load(asked.backend)
        backend.devices()
    leave = _on_interrupt()
    print(
        f"{backends.about(asked.backend).LABEL} {backend.version()} on {asked.device}; the run is {run.path}",
        file=sys.stderr,
    )
    with _Progress() as progress:
        ending = record(run, backend, asked.backend, asked.device, leave, progress.tell)
    last = run.events()[-1]
    if ending == "failed":
        return _complain(last["reason"])
    if ending == "stopped":
        print(f"stopped at step {last['step']}; go on with: --resume {run.id}", file=sys.stderr)
        return 0
    if reason := last.get("reason"):
        print(reason, file=sys.stderr)
    for part, measured in last["result"].items():
        if measured:
            print(f"{part:<10} loss {measured['loss']:.4f}   accuracy {measured['accuracy']:.2%}")
    return 0


def _run_to_train(asked) -> Run:
    runs = Path(asked.runs).absolute() if asked.runs else None
    experiment = experiments.read(Path(asked.experiment)) if asked.experiment else None
    if not asked.resume:
        if experiment is None:
            raise ExperimentError("name an experiment file to train, or a run to go on with: --resume RUN")
        return folder.create(experiment, asked.backend, asked.device, folder=runs)
    run = folder.find(asked.resume, runs)
    if experiment is not None and experiment.hash != run.experiment.hash:
        raise RunError(f"{asked.experiment} is not the experiment of run {run.id}; leave it out, or start a new run")
    run.queue_again()
    return run


def _on_interrupt():
    """Ctrl-C ends the run after the steps in flight, with a snapshot; a second one ends the program at once."""
    interrupted = []

    def note(number, frame):
        interrupted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    return lambda: "interrupted at the keyboard" if interrupted else ""


class _Progress:
    """A bar over the steps, with the loss and the last validation accuracy."""

    def __enter__(self):
        from tqdm import tqdm

        self.bar = tqdm(unit=" steps", dynamic_ncols=True, disable=None)
        self.notes: dict[str, str] = {}
        return self

    def tell(self, event: dict) -> None:
        match event["event"]:
            case "started" | "resumed":
                self.bar.reset(total=event["total_steps"])
                self.bar.update(event["step"])
            case "steps":
                self.notes["loss"] = f"{event['losses'][-1]:.4f}"
                self.bar.update(event["step"] - self.bar.n)
                self.bar.set_postfix(self.notes, refresh=False)
            case "epoch" if event["validation"]:
                self.notes["validation"] = f"{event['validation']['accuracy']:.2%}"

    def __exit__(self, *_):
        self.bar.close()


# --- compare -----------------------------------------------------------------------------------------------------------------


def compare(asked) -> None:
    settings = {"training.steps": asked.steps} if asked.steps else {}
    if asked.precision:
        settings["training.precision"] = asked.precision
    experiment = experiments.changed(experiments.read(Path(asked.experiment)), **settings)
    names = (
        [name.strip() for name in asked.backends.split(",") if name.strip()]
        if asked.backends
        else list(backends.names())
    )
    for name in names:
        backends.about(name)
    traces = dict(zip(names, each(first_steps, [(name, experiment) for name in names]), strict=True))
    first = traces[names[0]][1]
    losses = {name: trace[0] for name, trace in traces.items()}
    differences = {name: parity.largest_difference(first, traces[name][1]) for name in names[1:]}
    if asked.json:
        return _print_json({"losses": losses, "final_weights_max_difference": differences})
    _print_losses(losses)
    for name, difference in differences.items():
        print(f"largest difference of a final weight, {name} against {names[0]}: {difference:.3g}")


def _print_losses(losses: dict[str, list[float]]) -> None:
    print("step  " + "".join(f"{name:<22}" for name in losses))
    for step, row in enumerate(zip(*losses.values(), strict=True), start=1):
        print(f"{step:<6}" + "".join(f"{loss!r:<22}" for loss in row))


# --- the rest ------------------------------------------------------------------------------------------------------------------


def _print_json(value) -> None:
    print(json.dumps(value, indent=2))


def _complain(error) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        self.exit(2, f"{message[0].upper()}{message[1:]}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m backends", description="One experiment, several backends.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("list", help="the backends, their versions and devices")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_backends)

    command = commands.add_parser("presets", help="the networks that come with ConvScope")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_presets)

    command = commands.add_parser("experiment", help="print a preset on a data set as an experiment's JSON")
    command.add_argument("preset")
    command.add_argument("--data", required=True, help="the name of a data set, for example digits or mnist")
    command.add_argument(
        "--set", action="append", default=[], nargs="+", metavar="KEY=VALUE", help="training.epochs=3, seed=7, ..."
    )
    command.set_defaults(command=print_experiment)

    command = commands.add_parser("train", help="train an experiment into a run folder")
    command.add_argument("experiment", nargs="?", help="a file with an experiment's JSON")
    command.add_argument("--backend", required=True)
    command.add_argument("--device", default="cpu")
    command.add_argument("--runs", help="where run folders are (default: CONVSCOPE_RUNS, else runs/)")
    command.add_argument("--resume", metavar="RUN", help="go on with this run from its newest snapshot")
    command.set_defaults(command=train)

    command = commands.add_parser("compare", help="the same first steps on several backends")
    command.add_argument("experiment", help="a file with an experiment's JSON")
    command.add_argument("--backends", help="names with commas between (default: all)")
    command.add_argument("--steps", type=int)
    command.add_argument("--precision", choices=["float32", "float64"])
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=compare)
    return parser


if __name__ == "__main__":
    sys.exit(main())
