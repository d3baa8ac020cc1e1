"""The command line: serve, list, presets, data, experiment, source, train, compare, robustness. Exit code 0, or 2 with one sentence on stderr."""

import argparse
import json
import signal
import sys
from pathlib import Path

import backends
from backends import dashboard
from backends.executors.inline import InlineExecutor
from backends.fresh_process import each, first_steps, look_at, no_chatter
from core.backend import Backend, BackendError
from core.data import catalogue
from core.data.dataset import DataError
from core.data.sources import uploads
from core.experiment import experiment as experiments, presets
from core.experiment.experiment import Experiment, ExperimentError
from core.metrics.robustness import BY_NAME
from core.network.costs import parameters
from core.network.shapes import NetworkError
from core.runs import folder, robustness
from core.runs.folder import Run, RunError
from core.runs.trainer import EXPECTED, describe_error
from core.training import parity
from core.training.loop import TrainingError


SENTENCES = (BackendError, DataError, ExperimentError, NetworkError, RunError, TrainingError)


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        return asked.command(asked) or 0
    except SENTENCES as error:
        return _complain(error)
    except BrokenPipeError:
        return 0  # the reader of our output, `head` say, has seen enough
    except OSError as error:
        return _complain(f"cannot read or write {error.filename or 'the output'}: {error.strerror}")


# --- serve ---------------------------------------------------------------------------------------------------------------


def serve(asked) -> None:
    dashboard.serve(asked.port, asked.address)


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
        print(f"{entry['name']:<24} {entry['parameters']:>9,} parameters on {shape:<8} {entry['sentence']}")


def make_data(asked) -> None:
    """Without a path: the data sets there are. With one: a new one, kept in the data folder; its name on stdout, what was
    left out on stderr."""
    if asked.path is None:
        for name in catalogue.names():
            print(f"{name:<24} {catalogue.missing(name) or catalogue.describe(name).summary}")
        return
    reading = uploads.read_path(Path(asked.path), asked.side, 3 if asked.color else 1)
    for note in reading.notes:
        print(note, file=sys.stderr)
    print(catalogue.keep(reading.dataset))


def print_experiment(asked) -> None:
    experiment = presets.experiment(asked.preset, asked.data)
    for text in [text for texts in asked.set for text in texts]:
        path, value = _setting(experiment, text)
        experiment = experiments.changed(experiment, **{path: value})
    sys.stdout.write(experiment.to_json())


def print_source(asked) -> None:
    """The network as code of the backend; imports no framework."""
    sys.stdout.write(backends.source(asked.backend, experiments.read(Path(asked.experiment)).network))


def _setting(experiment: Experiment, text: str) -> tuple[str, object]:
    """epochs=3 -> ("training.epochs", 3); a key without a dot is looked for where it can only mean one thing.
    optimizer=adam is short for optimizer.kind=adam, and gives the others of its fields their defaults."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ExperimentError(f"--set wants key=value, for example training.epochs=3; got {text!r:.80}")
    document = experiment.model_dump(mode="json")
    training = document["training"]
    positions = {
        "": document,
        "training.": training,
        "training.optimizer.": training["optimizer"],
        "data.": document["data"],
    }
    position = next((position for position, fields in positions.items() if key in fields), None)
    now = None if position is None else positions[position][key]
    path = key if position is None else position + key
    if isinstance(now, dict) and "kind" in now and not value.startswith("{"):
        return f"{path}.kind", value
    return path, value if isinstance(now, str) else _parsed(value)


def _parsed(value: str):
    """JSON where it is JSON, else the text."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


# --- train -----------------------------------------------------------------------------------------------------------------


def train(asked) -> int:
    experiment = experiments.read(Path(asked.experiment)) if asked.experiment else None
    runs = Path(asked.runs).absolute() if asked.runs else None
    old = _run_to_go_on_with(asked, experiment, runs)
    backend = _ready_backend(asked, experiment or old.experiment)
    leave = _on_interrupt()
    with _Progress(f"{backends.about(asked.backend).LABEL} {backend.version()} on {asked.device}") as progress:
        executor = InlineExecutor(backend, progress.begin, progress.report, leave)
        if old:
            executor.resume(old, asked.backend, asked.device)
        run = old or executor.start(experiment, asked.backend, asked.device, folder=runs)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is written: a late Ctrl-C changes nothing any more
    last = run.events()[-1]
    if last["event"] == "failed":
        return _complain(last["reason"])
    if last["event"] == "stopped":
        where = f" --runs {asked.runs}" if asked.runs else ""
        print(f"stopped at step {last['step']}; go on with: --resume {run.id}{where}", file=sys.stderr)
        return 0
    if reason := last.get("reason"):
        print(reason, file=sys.stderr)
    for part, measured in last["result"].items():
        if measured:
            print(f"{part:<10} loss {measured['loss']:.4f}   accuracy {measured['accuracy']:.2%}")
    return 0


def _run_to_go_on_with(asked, experiment: Experiment | None, runs: Path | None) -> Run | None:
    if not asked.resume:
        if experiment is None:
            raise ExperimentError("name an experiment file to train, or a run to go on with: --resume RUN")
        return None
    run = folder.find(asked.resume, runs)
    if experiment is not None and experiment.hash != run.experiment.hash:
        raise RunError(f"{asked.experiment} is not the experiment of run {run.id}; leave it out, or start a new run")
    run.must_be_resumable()
    return run


def _ready_backend(asked, experiment: Experiment, usual: str = "cpu") -> Backend:
    """Loaded, with the device that is asked for; what cannot start is refused before there is a run of it. Without one
    that is asked for, the usual one if it is here, else the CPU."""
    backends.about(asked.backend)
    if sentence := catalogue.missing(experiment.data.name):
        raise DataError(sentence)
    with no_chatter():
        backend = backends.load(asked.backend)
        known = [device.id for device in backend.devices()]
    asked.device = asked.device or (usual if usual in known else "cpu")
    if asked.device not in known:
        label = backends.about(asked.backend).LABEL
        raise BackendError(f"{label} has no device {asked.device!r} here; it has {', '.join(known)}")
    return backend


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
    """One line that says what is trained on what and where the run is, then a bar over the steps, with the loss and the
    last validation accuracy."""

    def __init__(self, trained_on: str):
        self.trained_on, self.bar = trained_on, None
        self.notes: dict[str, str] = {}

    def __enter__(self):
        return self

    def begin(self, run: Run) -> None:
        from tqdm import tqdm

        print(f"{self.trained_on}; the run is {run.path}", flush=True)
        self.bar = tqdm(unit=" steps", dynamic_ncols=True, disable=None)

    def report(self, event: dict) -> None:
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
        if self.bar is not None:
            self.bar.close()


# --- compare -----------------------------------------------------------------------------------------------------------------


def compare(asked) -> None:
    settings = {} if asked.steps is None else {"training.steps": asked.steps}
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
    if not names:
        raise BackendError(f"--backends names none; there are {', '.join(backends.names())}")
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


# --- robustness -----------------------------------------------------------------------------------------------------------


def measure_robustness(asked) -> None:
    """One line an accuracy, as soon as it is known; the page that started this counts them."""
    run = folder.find(asked.run, Path(asked.runs).absolute() if asked.runs else None)
    asked.backend = asked.backend or run.trained_by
    at_home = asked.backend == run.backend
    backend = _ready_backend(asked, run.experiment, run.device if at_home else "cpu")
    try:
        with no_chatter():
            result = robustness.measured(run, backend, asked.backend, asked.device, _print_point)
    except (*EXPECTED, RunError, BrokenPipeError):
        raise
    except Exception as error:
        raise BackendError(describe_error(error, backends.about(asked.backend).LABEL)) from None
    print(f"{result.images:,} test images; always saying the same class gets {result.guessing:.2%}")


def _print_point(point: robustness.Point) -> None:
    words = BY_NAME[point.change].words(point.strength) if point.change else "as they are"
    print(f"{words:<54} {point.accuracy:7.2%}", flush=True)


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

    command = commands.add_parser("serve", help="the dashboard, until Ctrl-C")
    command.add_argument("--port", type=int, default=8501, help="default 8501")
    command.add_argument("--address", help="listen only on this address (default: on all of this machine)")
    command.set_defaults(command=serve)

    command = commands.add_parser("list", help="the backends, their versions and devices")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_backends)

    command = commands.add_parser("presets", help="the networks that come with ConvScope")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_presets)

    command = commands.add_parser(
        "data", help="list the data sets, or make one of a folder of images, a .zip or a .csv"
    )
    command.add_argument("path", nargs="?", help="a folder with one folder a class in it, a .zip of one, or a .csv")
    command.add_argument("--side", type=int, default=28, help="make the images so many pixels wide (default 28)")
    command.add_argument("--color", action="store_true", help="red, green and blue instead of grey")
    command.set_defaults(command=make_data)

    command = commands.add_parser("experiment", help="print a preset on a data set as an experiment's JSON")
    command.add_argument("preset")
    command.add_argument("--data", required=True, help="the name of a data set, for example digits or mnist")
    command.add_argument(
        "--set", action="append", default=[], nargs="+", metavar="KEY=VALUE", help="training.epochs=3, seed=7, ..."
    )
    command.set_defaults(command=print_experiment)

    command = commands.add_parser("source", help="print an experiment's network as code of a backend")
    command.add_argument("experiment", metavar="FILE", help="an experiment's JSON")
    command.add_argument("--backend", default="pytorch", help="whose code: see list")
    command.set_defaults(command=print_source)

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

    command = commands.add_parser("robustness", help="how an ended run does on changed test images")
    command.add_argument("run", help="its id, or the path of its folder")
    command.add_argument("--backend", help="that answers (default: the one that trained it)")
    command.add_argument("--device", help="default: where it was trained, if that is here")
    command.add_argument("--runs", help="where run folders are (default: CONVSCOPE_RUNS, else runs/)")
    command.set_defaults(command=measure_robustness)
    return parser


if __name__ == "__main__":
    sys.exit(main())
