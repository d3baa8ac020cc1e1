"""A report on an experiment as typed: what its layers cost, and every problem with its repairs."""

from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.dataset_info import Entry
from core.data.part_sizes import sizes_of
from core.data.recipe import DataRecipe
from core.drafts.input_errors import describe_error, invalid_layer, layer_sentence, reset_field
from core.experiment.experiment import Experiment, ExperimentError
from core.network.blocks import Layer, every_layer
from core.network.costs import Cost, costs, outermost
from core.network.errors import NetworkError
from core.network.network import Network
from core.network.output_layer import check_ending
from core.network.repairs import Insert, Repair, TakeImages
from core.network.shapes import shape_text
from core.recipe.class_weights import mismatch
from core.recipe.losses import Loss
from core.recipe.schedules import ReduceOnPlateau
from core.training.loop import check_memory, check_sizes


_LAYER: TypeAdapter[Any] = TypeAdapter(Layer)
_LOSS: TypeAdapter[Any] = TypeAdapter(Loss)


@dataclass
class Problem:
    sentence: str
    repairs: list[Repair] = field(default_factory=list)
    layer: str = ""
    """The name of the layer that the problem is about, if any."""
    field: str = ""
    """The field of the training recipe that the problem is about, if any; "data" for the data recipe."""


@dataclass
class Report:
    """The result of validating a draft."""

    layer_costs: list[Cost] = field(default_factory=list)
    """The costs of the layers before the first one with a problem, including those inside blocks."""
    layers: dict[int, Problem] = field(default_factory=dict)
    """Problems of single layers, by index in the network."""
    general: list[Problem] = field(default_factory=list)
    sound: Experiment | None = None
    """The experiment, if what was typed is valid."""
    experiment: Experiment | None = None
    """The same experiment, if there are also enough images and memory to train it here."""

    @property
    def outer(self) -> list[Cost]:
        """The costs of the outermost layers, by index in the network: a block has one."""
        return outermost(self.layer_costs)


def validate(document: dict[str, Any]) -> Report:
    """The report on an experiment's JSON `document`, valid or not."""
    report, layers = Report(), []
    for index, layer in enumerate(document["network"]["layers"]):
        try:
            layers.append(_LAYER.validate_python(layer))
        except ValidationError as error:
            invalid, fields = invalid_layer(layer, error.errors(include_url=False)[0]["loc"])
            report.layers[index] = Problem(
                layer_sentence(error, invalid["kind"], fields), reset_field(invalid, fields), invalid.get("name", "")
            )
    valid = layers[: min(report.layers, default=len(layers))]
    _add_costs(document, valid, report)
    if not report.layers and not report.general:
        _check_experiment(document, report)
    return report


def with_resource_checks(report: Report) -> Report:
    """The report with its experiment, or with why it cannot be trained: too few images, too little memory."""
    if report.sound is None:
        return report
    try:
        _check_sizes(report.sound)
        _check_memory(report.sound)
    except DataError as error:
        return replace(report, general=[Problem(str(error), field="data")])
    except ExperimentError as error:
        return replace(report, general=[Problem(str(error), field=error.field)])
    return replace(report, experiment=report.sound)


def _add_costs(document: dict[str, Any], layers: list[Layer], report: Report) -> None:
    """Adds the costs of the layers before the first one that does not fit, and the problem of that one."""
    shape = document["network"]["input_shape"]
    if not layers:
        if not document["network"]["layers"]:
            name = document["data"]["name"]
            report.general.append(Problem("the network has no layers yet", _first_layers(name)))
        return
    try:
        network = Network(input_shape=shape, layers=tuple(layers))
        report.layer_costs = costs(network)
    except ValidationError as error:
        _add_invalid(error, report)
    except NetworkError as error:
        contains = [error.layer in {inner.name for inner in every_layer((layer,))} for layer in network.layers]
        position = contains.index(True)
        report.layers[position] = _problem(error)
        report.layer_costs = costs(Network(input_shape=shape, layers=network.layers[:position])) if position else []


def _check_experiment(document: dict[str, Any], report: Report) -> None:
    """Adds the problems of a document whose layers are valid, or else the experiment."""
    try:
        entry = catalogue.describe(document["data"]["name"])
        if problem := _wrong_input_shape(document["network"]["input_shape"], entry):
            report.general.append(problem)
            return
        loss = _LOSS.validate_python(document["training"].get("loss", {"kind": "cross_entropy"}))
        check_ending(Network(**document["network"]), len(entry.class_names), entry.label, loss)
        experiment = Experiment.model_validate(document)
        if sentence := mismatch(experiment.training.class_weights, len(entry.class_names), entry.label):
            report.general.append(Problem(sentence))
            return
        report.sound = experiment
    except DataError as error:
        report.general.append(Problem(str(error), field="data"))
    except ExperimentError as error:
        report.general.append(Problem(str(error), field=error.field))
    except NetworkError as error:
        report.general.append(_problem(error))
    except ValidationError as error:
        _add_invalid(error, report)


def _add_invalid(error: ValidationError, report: Report) -> None:
    """Adds pydantic's error as a problem; a NetworkError inside it keeps its repairs."""
    cause = error.errors(include_url=False)[0].get("ctx", {}).get("error")
    if isinstance(cause, NetworkError):
        report.general.append(_problem(cause))
    else:
        only_data = all(details["loc"][:1] == ("data",) for details in error.errors(include_url=False))
        report.general.append(Problem(describe_error(error), field="data" if only_data else ""))


def _wrong_input_shape(shape: tuple[int, int, int], entry: Entry) -> Problem | None:
    if shape == entry.shape:
        return None
    sentence = f"the network takes images of {shape_text(shape)}, but {entry.label} has {shape_text(entry.shape)}"
    return Problem(sentence, [Repair("fit the network to the data set", (TakeImages(entry.shape),))])


def _first_layers(data: str) -> list[Repair]:
    classes = len(catalogue.describe(data).class_names)
    layers = ({"kind": "flatten"}, {"kind": "dense", "units": classes})
    words = f"start with Flatten and a Dense layer with {classes} units"
    return [Repair(words, (Insert(layers),)), Repair("add other layers, or choose a preset")]


def _check_sizes(experiment: Experiment) -> None:
    """Raises DataError or ExperimentError if there are too few images. Skips missing data sets, which another check
    reports, and recipes that any data set satisfies: loading a set can take seconds."""
    data, training = experiment.data, experiment.training
    names = ("train", "validation", "test", "per_class", "order", "imbalance", "balance", "label_noise")
    default = DataRecipe(name=data.name)
    simple = all(getattr(data, name) == getattr(default, name) for name in names)
    needs_validation = training.patience is not None or isinstance(training.schedule, ReduceOnPlateau)
    if (simple and not needs_validation and not training.drop_last) or catalogue.missing(data.name):
        return
    sizes = sizes_of(data, experiment.seed)
    check_sizes(training, sizes.train, sizes.validation)


def _check_memory(experiment: Experiment) -> None:
    """Raises ExperimentError as the start of a run would. Counts the images only if a full batch is too large."""
    try:
        check_memory(experiment, experiment.training.batch_size)
    except ExperimentError:
        if not catalogue.missing(experiment.data.name):
            check_memory(experiment, sizes_of(experiment.data, experiment.seed).train)


def _problem(error: NetworkError) -> Problem:
    return Problem(error.problem, error.repairs, error.layer)
