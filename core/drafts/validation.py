"""What can be said about an experiment as it is typed: its bill, and every problem with the repairs that mend it."""

from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.part_sizes import sizes_of
from core.data.recipe import DataRecipe
from core.drafts.input_errors import as_it_was, culprit, describe_error, layer_sentence
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


_LAYER: TypeAdapter = TypeAdapter(Layer)
_LOSS: TypeAdapter = TypeAdapter(Loss)


@dataclass
class Problem:
    sentence: str
    repairs: list[Repair] = field(default_factory=list)
    layer: str = ""
    """The name of the layer that it is about, if one."""
    field: str = ""
    """Of the training recipe that it is about, if one; "data" for the data recipe."""


@dataclass
class Report:
    """What can be said about a draft."""

    layer_costs: list[Cost] = field(default_factory=list)
    """Of the layers up to the first one with a problem, also of those within blocks."""
    layers: dict[int, Problem] = field(default_factory=dict)
    """By place in the network."""
    general: list[Problem] = field(default_factory=list)
    sound: Experiment | None = None
    """What is typed, where nothing in it is wrong."""
    experiment: Experiment | None = None
    """The same, where it can be trained here and now, too."""

    @property
    def outer(self) -> list[Cost]:
        """The bills by place in the network: a block has one."""
        return outermost(self.layer_costs)


def validate(document: dict) -> Report:
    """What can be said of what is typed; `document` is an experiment's, right or wrong."""
    report, layers = Report(), []
    for index, layer in enumerate(document["network"]["layers"]):
        try:
            layers.append(_LAYER.validate_python(layer))
        except ValidationError as error:
            guilty, fields = culprit(layer, error.errors(include_url=False)[0]["loc"])
            report.layers[index] = Problem(
                layer_sentence(error, guilty["kind"], fields), as_it_was(guilty, fields), guilty.get("name", "")
            )
    good = layers[: min(report.layers, default=len(layers))]
    _trace(document, good, report)
    if not report.layers and not report.general:
        _whole(document, report)
    return report


def with_resource_checks(report: Report) -> Report:
    """The same with its experiment, or with the reason why there is none: too few images, too little memory."""
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


def _trace(document: dict, layers: list, report: Report) -> None:
    """Bills up to the first layer that cannot be."""
    shape = document["network"]["input_shape"]
    if not layers:
        if not document["network"]["layers"]:
            name = document["data"]["name"]
            report.general.append(Problem("the network has no layers yet", _first_layers(name)))
        return
    try:
        network = Network(input_shape=shape, layers=layers)
        report.layer_costs = costs(network)
    except ValidationError as error:
        _refused(error, report)
    except NetworkError as error:
        holds = [error.layer in {inner.name for inner in every_layer((layer,))} for layer in network.layers]
        position = holds.index(True)
        report.layers[position] = _problem(error)
        report.layer_costs = costs(Network(input_shape=shape, layers=network.layers[:position])) if position else []


def _whole(document: dict, report: Report) -> None:
    try:
        entry = catalogue.describe(document["data"]["name"])
        if problem := _other_images(document["network"]["input_shape"], entry):
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
        _refused(error, report)


def _refused(error: ValidationError, report: Report) -> None:
    """What pydantic wraps of ours keeps its repairs."""
    cause = error.errors(include_url=False)[0].get("ctx", {}).get("error")
    if isinstance(cause, NetworkError):
        report.general.append(_problem(cause))
    else:
        of_data = all(finding["loc"][:1] == ("data",) for finding in error.errors(include_url=False))
        report.general.append(Problem(describe_error(error), field="data" if of_data else ""))


def _other_images(shape: tuple[int, int, int], entry) -> Problem | None:
    if shape == entry.shape:
        return None
    sentence = f"the network takes images of {shape_text(shape)}, but {entry.label} has {shape_text(entry.shape)}"
    return Problem(sentence, [Repair("fit the network to the data set", (TakeImages(entry.shape),))])


def _first_layers(data: str) -> list[Repair]:
    classes = len(catalogue.describe(data).class_names)
    layers = ({"kind": "flatten"}, {"kind": "dense", "units": classes})
    words = f"begin with Flatten and a Dense layer with {classes} units"
    return [Repair(words, (Insert(layers),)), Repair("add layers of your own, or take a preset")]


def _check_sizes(experiment: Experiment) -> None:
    """Raises DataError or ExperimentError where there are too few images. Data sets that are not here say so elsewhere,
    and where nothing is asked that can be too much none is loaded: drawing one takes seconds."""
    data, training = experiment.data, experiment.training
    asked = ("train", "validation", "test", "per_class", "order", "imbalance", "balance", "label_noise")
    usual = DataRecipe(name=data.name)
    simple = all(getattr(data, name) == getattr(usual, name) for name in asked)
    watches = training.patience is not None or isinstance(training.schedule, ReduceOnPlateau)
    if (simple and not watches and not training.drop_last) or catalogue.missing(data.name):
        return
    result = sizes_of(data, experiment.seed)
    check_sizes(training, result.train, result.validation)


def _check_memory(experiment: Experiment) -> None:
    """Raises ExperimentError as the start would. How many images there are is asked only where a full batch is too large."""
    try:
        check_memory(experiment, experiment.training.batch_size)
    except ExperimentError:
        if not catalogue.missing(experiment.data.name):
            check_memory(experiment, sizes_of(experiment.data, experiment.seed).train)


def _problem(error: NetworkError) -> Problem:
    return Problem(error.problem, error.repairs, error.layer)
