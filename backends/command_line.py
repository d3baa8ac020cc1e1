"""The command line: serve, list, presets, data, experiment, source, train, compare, runs, predict, inspect,
robustness,
transfer.

The exit code is 0, or 2 with a one-sentence message on stderr.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, Self

import numpy as np
from pydantic import ValidationError

import backends
from backends import dashboard
from backends.executors.inline import InlineExecutor
from backends.fresh_process import each, first_steps, look_at, no_chatter
from core.arrays import Array
from core.backend import Backend, BackendError
from core.data import catalogue, new_image
from core.data.dataset import PARTS, DataError
from core.data.formats.image_file import LeftOutError
from core.data.sources import uploads
from core.experiment import experiment as experiments, presets
from core.experiment.experiment import Experiment, ExperimentError
from core.experiment.messages import explain
from core.explain.questions import Activations, Predict, Question, QuestionError
from core.metrics.robustness import BY_NAME
from core.network.costs import parameters
from core.network.errors import NetworkError
from core.recordings import recording
from core.runs import folder, index, robustness
from core.runs.answers import Answerer
from core.runs.folder import Run, RunError
from core.runs.trainer import EXPECTED, describe_error
from core.training import parity
from core.training.loop import TrainingError
from core.transfer import measuring as transfer_measuring, plan as transfer_plan
from core.transfer.features import usual_layer
from core.transfer.plan import Plan, Point


Options = argparse.Namespace

EXPLAINED_ERRORS = (BackendError, DataError, ExperimentError, NetworkError, QuestionError, RunError, TrainingError)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options) or 0)
    except EXPLAINED_ERRORS as error:
        return _complain(error)
    except BrokenPipeError:
        return 0  # whatever reads our output, such as `head`, has closed the pipe
    except OSError as error:
        return _complain(f"cannot read or write {error.filename or 'the output'}: {error.strerror}")


# --- serve ------------------------------------------------------------------------------------------------------------


def serve(options: Options) -> None:
    dashboard.serve(options.port, options.address)


# --- list -------------------------------------------------------------------------------------------------------------


def list_backends(options: Options) -> None:
    entries = each(look_at, [(name,) for name in backends.names()])
    if options.json:
        _print_json(entries)
        return
    for entry in entries:
        print(
            f"{entry['name']:<12} {entry['label']} {entry['version']}"
            + (f"  ({entry['problem']})" if entry["problem"] else "")
        )
        for device in entry["devices"]:
            memory = f", {device['memory'] / 2**30:.0f} GiB" if device["memory"] else ""
            print(f"{'':<12}   --device {device['id']:<8} {device['name']}{memory}")


# --- presets, experiment ----------------------------------------------------------------------------------------------


def list_presets(options: Options) -> None:
    entries: list[dict[str, Any]] = [
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
    if options.json:
        _print_json(entries)
        return
    for entry in entries:
        shape = "x".join(map(str, entry["input_shape"]))
        print(f"{entry['name']:<24} {entry['parameters']:>9,} parameters on {shape:<8} {entry['sentence']}")


def make_data(options: Options) -> None:
    """Without a path: list the data sets. With a path: make a new one in the data folder and print its name on stdout;
    what it contains, what was left out and what is doubtful, on stderr."""
    if options.path is None:
        for name in catalogue.names():
            print(f"{name:<24} {catalogue.missing(name) or catalogue.describe(name).summary}")
        return
    reading = uploads.read_path(Path(options.path), options.side, 3 if options.color else 1, options.inner_classes)
    dataset = reading.dataset
    name = catalogue.keep(dataset)
    if options.json:
        _print_json(
            {
                "name": name,
                "label": dataset.label,
                "classes": list(dataset.class_names),
                "counts": {part: dataset.counts(part).tolist() for part in PARTS},
                "left_out": {reason: len(files) for reason, files in reading.left_out.items()},
                "remarks": list(reading.remarks),
            }
        )
        return
    shape = "x".join(map(str, dataset.shape))
    print(f"{dataset.label}: {len(dataset.labels):,} images of {shape}, {dataset.classes} classes", file=sys.stderr)
    for number, class_ in enumerate(dataset.class_names):
        counts = ", ".join(f"{dataset.counts(part)[number]:,} {part}" for part in dataset.parts)
        print(f"  {class_:<24} {counts}", file=sys.stderr)
    for sentence in (*reading.notes, *reading.warnings):
        print(sentence, file=sys.stderr)
    print(name)


def print_experiment(options: Options) -> None:
    experiment = presets.experiment(options.preset, options.data)
    for text in [text for texts in options.set for text in texts]:
        path, value = _setting(experiment, text)
        experiment = experiments.changed(experiment, **{path: value})
    sys.stdout.write(experiment.to_json())


def print_source(options: Options) -> None:
    """Print the network as code of the backend; imports no framework."""
    sys.stdout.write(backends.source(options.backend, experiments.read(Path(options.experiment)).network))


def _setting(experiment: Experiment, text: str) -> tuple[str, object]:
    """epochs=3 -> ("training.epochs", 3); a key without a dot is looked up in the experiment, its training recipe,
    optimizer and data. optimizer=adam is short for optimizer.kind=adam; its other fields get their defaults."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ExperimentError(f"--set takes key=value, for example training.epochs=3; got {text!r:.80}")
    document = experiment.model_dump(mode="json")
    training = document["training"]
    sections = {
        "": document,
        "training.": training,
        "training.optimizer.": training["optimizer"],
        "data.": document["data"],
    }
    section = next((section for section, fields in sections.items() if key in fields), None)
    current = None if section is None else sections[section][key]
    path = key if section is None else section + key
    if isinstance(current, dict) and "kind" in current and not value.startswith("{"):
        return f"{path}.kind", value
    return path, value if isinstance(current, str) else _parsed(value)


def _parsed(value: str) -> Any:
    """The value of valid JSON, otherwise the text itself."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


# --- train ------------------------------------------------------------------------------------------------------------


def train(options: Options) -> int:
    experiment = experiments.read(Path(options.experiment)) if options.experiment else None
    runs = Path(options.runs).absolute() if options.runs else None
    old = _run_to_resume(options, experiment, runs)
    experiment = experiment or _experiment_of(old)
    backend = _ready_backend(options, experiment)
    leave = _on_interrupt()
    with _Progress(f"{backends.about(options.backend).LABEL} {backend.version()} on {options.device}") as progress:
        executor = InlineExecutor(backend, progress.begin, progress.report, leave)
        if old:
            executor.resume(old, options.backend, options.device)
        run = old or executor.start(experiment, options.backend, options.device, folder=runs)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # everything is written: a late Ctrl-C changes nothing
    last = run.events()[-1]
    if last["event"] == "failed":
        return _complain(last["reason"])
    if last["event"] == "stopped":
        where = f" --runs {options.runs}" if options.runs else ""
        print(f"stopped at step {last['step']}; continue with: --resume {run.id}{where}", file=sys.stderr)
        return 0
    if reason := last.get("reason"):
        print(reason, file=sys.stderr)
    for part, measured in last["result"].items():
        if measured:
            print(f"{part:<10} loss {measured['loss']:.4f}   accuracy {measured['accuracy']:.2%}")
    return 0


def _run_to_resume(options: Options, experiment: Experiment | None, runs: Path | None) -> Run | None:
    if not options.resume:
        return None
    run = folder.find(options.resume, runs)
    if experiment is not None and experiment.hash != run.experiment.hash:
        raise RunError(
            f"{options.experiment} is not the experiment of run {run.id}; leave the file out, or start a new run"
        )
    run.must_be_resumable()
    return run


def _experiment_of(run: Run | None) -> Experiment:
    if run is None:
        raise ExperimentError("name an experiment file to train, or a run to continue: --resume RUN")
    return run.experiment


def _ready_backend(options: Options, experiment: Experiment, usual: str = "cpu") -> Backend:
    """The loaded backend, after checking that the data and the device exist, so that a run that cannot start is refused
    before its folder is created. Without --device: the usual device if it is here, otherwise the CPU."""
    backends.about(options.backend)
    if problem := catalogue.missing(experiment.data.name):
        raise DataError(problem)
    return _loaded_backend(options, usual)


def _loaded_backend(options: Options, usual: str = "cpu") -> Backend:
    """The loaded backend, after checking that the device exists. Without --device: the usual one, if it is here."""
    with no_chatter():
        backend = backends.load(options.backend)
        known = [device.id for device in backend.devices()]
    options.device = options.device or (usual if usual in known else "cpu")
    if options.device not in known:
        label = backends.about(options.backend).LABEL
        raise BackendError(f"{label} has no device {options.device!r} here; it has {', '.join(known)}")
    return backend


def _on_interrupt() -> Callable[[], str]:
    """The first Ctrl-C ends the run after the current steps, with a snapshot; the second ends the program immediately.
    The returned function gives the reason to stop, "" while there is none."""
    interrupted = []

    def note(number: int, frame: FrameType | None) -> None:
        interrupted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    return lambda: "interrupted at the keyboard" if interrupted else ""


class _Progress:
    """One line with the backend, the device and the run's folder, then a progress bar over the steps with the loss and
    the latest validation accuracy."""

    def __init__(self, trained_on: str):
        self.trained_on = trained_on
        self.bar: Any = None  # a tqdm, which has no types
        self.notes: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def begin(self, run: Run) -> None:
        from tqdm import tqdm

        print(f"{self.trained_on}; the run is {run.path}", flush=True)
        self.bar = tqdm(unit=" steps", dynamic_ncols=True, disable=None)

    def report(self, event: dict[str, Any]) -> None:
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

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()


# --- compare ----------------------------------------------------------------------------------------------------------


def compare(options: Options) -> None:
    settings = {} if options.steps is None else {"training.steps": options.steps}
    if options.precision:
        settings["training.precision"] = options.precision
    experiment = experiments.changed(experiments.read(Path(options.experiment)), **settings)
    names = (
        [name.strip() for name in options.backends.split(",") if name.strip()]
        if options.backends
        else list(backends.names())
    )
    for name in names:
        backends.about(name)
    if not names:
        raise BackendError(f"--backends names no backend; choose from {', '.join(backends.names())}")
    traces = dict(zip(names, each(first_steps, [(name, experiment) for name in names]), strict=True))
    first = traces[names[0]][1]
    losses = {name: trace[0] for name, trace in traces.items()}
    differences = {name: parity.largest_difference(first, traces[name][1]) for name in names[1:]}
    if options.json:
        _print_json({"losses": losses, "final_weights_max_difference": differences})
        return
    _print_losses(losses)
    for name, difference in differences.items():
        print(f"largest difference between final weights, {name} and {names[0]}: {difference:.3g}")


def _print_losses(losses: dict[str, list[float]]) -> None:
    print("step  " + "".join(f"{name:<22}" for name in losses))
    for step, row in enumerate(zip(*losses.values(), strict=True), start=1):
        print(f"{step:<6}" + "".join(f"{loss!r:<22}" for loss in row))


# --- runs -------------------------------------------------------------------------------------------------------------


def list_runs(options: Options) -> None:
    """Newest first."""
    entries = index.listing(Path(options.runs).absolute() if options.runs else None)
    if options.json:
        names = ("id", "state", "step", "loss", "test_accuracy")
        _print_json([{"title": entry.name} | {name: getattr(entry, name) for name in names} for entry in entries])
        return
    for entry in entries:
        loss = "" if entry.loss is None else f"loss {entry.loss:.4f}"
        accuracy = "" if entry.test_accuracy is None else f"test {entry.test_accuracy:.2%}"
        print(f"{entry.id}  {entry.state:<8} step {entry.step:>7,}  {loss:<13} {accuracy:<12} {entry.name}")


# --- predict, inspect -------------------------------------------------------------------------------------------------


def predict(options: Options) -> None:
    """Print what a run answers to image files. What was done to an image is said on stderr."""
    run = _run(options)
    classes = run.class_names()
    images = [_image(run, Path(path), options.as_is) for path in options.image]
    answer = _answer(options, run, Predict(), np.concatenate(images))["probabilities"]
    entries = [
        {"file": path, "probabilities": row.tolist(), "said": classes[int(np.argmax(row))]}
        for path, row in zip(options.image, answer.astype(float), strict=True)
    ]
    if options.json:
        _print_json({"classes": list(classes), "images": entries})
        return
    for entry, row in zip(entries, answer, strict=True):
        print(f"{entry['file']}: {entry['said']} ({row.max():.1%})")


def inspect(options: Options) -> None:
    """Write what every layer of a run makes of one image into a .npz file: an array (1, ...) a layer."""
    run = _run(options)
    layers = (options.layer,) if options.layer else ()
    image = _image(run, Path(options.image), options.as_is)
    answer = _answer(options, run, Activations(layers=layers), image)
    out = Path(options.out)
    with out.open("wb") as file:
        np.savez(file, **answer)  # type: ignore[arg-type]
    for name, values in answer.items():
        print(f"{name:<12} {'x'.join(map(str, values.shape[1:]))}")


def _run(options: Options) -> Run:
    """By its id, the path of its folder, or the name of a network that comes with ConvScope."""
    shipped = recording.FOLDER / "networks" / options.run
    name = str(shipped) if (shipped / "run.json").is_file() else options.run
    return folder.find(name, Path(options.runs).absolute() if options.runs else None)


def _image(run: Run, path: Path, as_is: bool) -> Array:
    """(1, C, H, W), as the run's network takes it."""
    data, shape = run.experiment.data.name, run.experiment.network.input_shape
    try:
        image = new_image.from_file(path.read_bytes(), data, shape, prepare=not as_is)
    except LeftOutError as error:
        raise DataError(f"{path} is {error}") from None
    for remark in (*image.remarks, *image.warnings):
        print(f"{path}: {remark}", file=sys.stderr)
    return run.scaling().apply(image.pixels[None], run.experiment.training.precision)


def _answer(options: Options, run: Run, question: Question, images: Array) -> dict[str, Array]:
    with no_chatter():
        backend = backends.load(options.backend)
        step = getattr(options, "snapshot", None)
        return Answerer(backend).answer(run, question, {"images": images}, step)


# --- robustness -------------------------------------------------------------------------------------------------------


def measure_robustness(options: Options) -> None:
    """Print each accuracy on its own line as soon as it is known; the page that started this counts the lines."""
    run = folder.find(options.run, Path(options.runs).absolute() if options.runs else None)
    options.backend = options.backend or run.trained_by
    at_home = options.backend == run.backend
    backend = _ready_backend(options, run.experiment, run.device if at_home else "cpu")
    try:
        with no_chatter():
            result = robustness.measured(run, backend, options.backend, options.device, _print_point)
    except (*EXPECTED, RunError, BrokenPipeError):
        raise
    except Exception as error:
        raise BackendError(describe_error(error, backends.about(options.backend).LABEL)) from None
    print(f"{result.images:,} test images; always predicting the same class gets {result.guessing:.2%}")


def _print_point(point: robustness.Point) -> None:
    change = BY_NAME[point.change].words(point.strength) if point.change else "unchanged"
    print(f"{change:<54} {point.accuracy:7.2%}", flush=True)


# --- transfer ---------------------------------------------------------------------------------------------------------


def transfer(options: Options) -> None:
    """Print each accuracy on its own line as soon as it is known; the page that started this counts the lines. The
    result is saved beside the runs."""
    run = _run(options)
    plan = _transfer_plan(options, run)
    at_home = options.backend in (None, run.trained_by)
    trained_here = run.trained_by in backends.names() and backends.missing(run.trained_by) is None
    options.backend = options.backend or (run.trained_by if trained_here else "reference")
    backend = _loaded_backend(options, run.device if at_home else "cpu")
    try:
        with no_chatter():
            report = _print_accuracy if not options.json else lambda point, accuracy: None
            head = backends.load("reference")  # for one small layer, NumPy is the fastest
            result = transfer_measuring.measured(plan, run, backend, options.backend, head, options.device, report)
    except (*EXPECTED, QuestionError, RunError, BrokenPipeError):
        raise
    except Exception as error:
        raise BackendError(describe_error(error, backends.about(options.backend).LABEL)) from None
    transfer_plan.save(result, Path(options.runs).absolute() if options.runs else folder.runs_folder())
    if options.json:
        _print_json(result.model_dump(mode="json") | {"table": transfer_plan.table(result)})
        return
    if result.remark:
        print(result.remark, file=sys.stderr)
    print(f"{result.images:,} test images; guessing gets {result.guessing:.2%}")
    for row in transfer_plan.table(result):
        spread = "" if row["deviation"] is None else f" ± {100 * row['deviation']:.1f}"
        features = transfer_plan.FEATURES[row["features"]]
        print(f"{features:<20} {row['each']:>4} images per class  {100 * row['mean']:5.1f} %{spread}")


def _transfer_plan(options: Options, run: Run) -> Plan:
    names = catalogue.describe(options.data).class_names
    if unknown := [name for name in options.classes or () if name not in names]:
        raise DataError(f"{options.data} has no class {unknown[0]!r}; it has {', '.join(names)}")
    try:
        return Plan(
            run=run.id,
            step=run.state_at(options.snapshot).step,
            layer=options.layer or usual_layer(run.experiment.network),
            data=options.data,
            classes=tuple(sorted(names.index(name) for name in set(options.classes or ()))),
            classifier=options.classifier,
            each=tuple(sorted(set(options.each))),
            draws=options.draws,
            seed=options.seed,
        )
    except ValidationError as error:
        raise DataError(f"this cannot be measured: {explain(error)}") from None


def _print_accuracy(point: Point, accuracy: float) -> None:
    print(
        f"{transfer_plan.FEATURES[point.features]:<20} {point.each:>4}  draw {point.draw + 1}  {accuracy:7.2%}",
        flush=True,
    )


# --- the rest ---------------------------------------------------------------------------------------------------------


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2))


def _complain(error: object) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[0].upper()}{message[1:]}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m backends", description="Train one experiment on several backends.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("serve", help="serve the dashboard until Ctrl-C")
    command.add_argument("--port", type=int, default=8501, help="default 8501")
    command.add_argument("--address", help="listen only on this address (default: all addresses)")
    command.set_defaults(command=serve)

    command = commands.add_parser("list", help="list the backends with their versions and devices")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_backends)

    command = commands.add_parser("presets", help="list the networks that come with ConvScope")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_presets)

    command = commands.add_parser(
        "data", help="list the data sets, or make one from a folder of images, a .zip or a .csv"
    )
    command.add_argument("path", nargs="?", help="a folder with one subfolder per class, a .zip of one, or a .csv")
    command.add_argument("--side", type=int, default=28, help="width and height of the images in pixels (default 28)")
    command.add_argument("--color", action="store_true", help="keep red, green and blue (default: grey)")
    command.add_argument(
        "--inner-classes", action="store_true", help="where all folders hold the same folders, these are the classes"
    )
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=make_data)

    command = commands.add_parser("experiment", help="print a preset network on a data set as an experiment in JSON")
    command.add_argument("preset", help="a name from `presets`")
    command.add_argument("--data", required=True, help="the name of a data set, for example digits or mnist")
    command.add_argument(
        "--set", action="append", default=[], nargs="+", metavar="KEY=VALUE", help="training.epochs=3, seed=7, ..."
    )
    command.set_defaults(command=print_experiment)

    command = commands.add_parser("source", help="print an experiment's network as code of a backend")
    command.add_argument("experiment", metavar="FILE", help="an experiment as a JSON file")
    command.add_argument(
        "--backend", default="pytorch", help="whose code to print, a name from `list` (default: pytorch)"
    )
    command.set_defaults(command=print_source)

    command = commands.add_parser("train", help="train an experiment and record it in a run folder")
    command.add_argument("experiment", nargs="?", help="an experiment as a JSON file")
    command.add_argument("--backend", required=True, help="a name from `list`")
    command.add_argument("--device", default="cpu", help="a device from `list` (default: cpu)")
    command.add_argument("--runs", help="the folder that holds the runs (default: CONVSCOPE_RUNS, else runs/)")
    command.add_argument("--resume", metavar="RUN", help="continue this run from its newest snapshot")
    command.set_defaults(command=train)

    command = commands.add_parser("compare", help="compare the first training steps of several backends")
    command.add_argument("experiment", help="an experiment as a JSON file")
    command.add_argument("--backends", help="names separated by commas (default: all)")
    command.add_argument("--steps", type=int, help="how many steps (default: all of the experiment)")
    command.add_argument("--precision", choices=["float32", "float64"], help="default: the experiment's")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=compare)

    command = commands.add_parser("runs", help="list the runs, newest first")
    command.add_argument("--runs", help="the folder that holds the runs (default: CONVSCOPE_RUNS, else runs/)")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=list_runs)

    command = commands.add_parser("predict", help="what a run answers to image files")
    _asks_a_run(command)
    command.add_argument("image", nargs="+", metavar="IMAGE", help="an image file")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=predict)

    command = commands.add_parser("inspect", help="write what each layer of a run makes of an image")
    _asks_a_run(command)
    command.add_argument("--image", required=True, metavar="FILE", help="an image file")
    command.add_argument("--layer", metavar="NAME", help="only this layer (default: all)")
    command.add_argument("--snapshot", type=int, metavar="STEP", help="a step that the run remembers (default: newest)")
    command.add_argument("--out", required=True, metavar="FILE", help="the .npz file to write, one array a layer")
    command.set_defaults(command=inspect)

    command = commands.add_parser("robustness", help="measure how a finished run copes with changed test images")
    command.add_argument("run", help="the run's id, or the path of its folder")
    command.add_argument("--backend", help="the backend that predicts (default: the one that trained the run)")
    command.add_argument("--device", help="default: the device it was trained on if present, otherwise cpu")
    command.add_argument("--runs", help="the folder that holds the runs (default: CONVSCOPE_RUNS, else runs/)")
    command.set_defaults(command=measure_robustness)

    command = commands.add_parser("transfer", help="measure how well a run's features serve other images or classes")
    command.add_argument("run", help="the run's id, the path of its folder, or the name of a network that comes along")
    command.add_argument("--data", required=True, metavar="NAME", help="the data set to learn, for example digits")
    command.add_argument("--classes", nargs="+", action="extend", metavar="NAME", help="only these (default: all)")
    command.add_argument(
        "--layer", metavar="NAME", help="whose output is the features (default: before the last dense)"
    )
    command.add_argument("--snapshot", type=int, metavar="STEP", help="a step that the run remembers (default: newest)")
    command.add_argument("--classifier", choices=list(transfer_plan.CLASSIFIERS), default="logistic_regression")
    command.add_argument(
        "--each", type=int, nargs="+", default=[5, 20, 100], metavar="N", help="images per class (default: 5 20 100)"
    )
    command.add_argument("--draws", type=int, default=5, help="how often training images are drawn (default: 5)")
    command.add_argument("--seed", type=int, default=1, help="of the draws (default: 1)")
    command.add_argument("--backend", help="computes the features (default: the one that trained the run)")
    command.add_argument("--device", help="default: the device it was trained on if present, otherwise cpu")
    command.add_argument("--runs", help="the folder that holds the runs (default: CONVSCOPE_RUNS, else runs/)")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=transfer)
    return parser


def _asks_a_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", help="the run's id, the path of its folder, or the name of a network that comes along")
    command.add_argument(
        "--as-is", action="store_true", help="the file already is as the data set has it: only scale it"
    )
    command.add_argument("--backend", default="reference", help="the backend that answers (default: reference)")
    command.add_argument("--runs", help="the folder that holds the runs (default: CONVSCOPE_RUNS, else runs/)")


if __name__ == "__main__":
    sys.exit(main())
