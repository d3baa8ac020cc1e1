"""An experiment while it is being edited: kept exactly as typed, valid or not, so that nothing is lost."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from pydantic import TypeAdapter

from core.data import catalogue
from core.data.dataset import DataError
from core.data.dataset_info import Entry
from core.data.preparation.augmentation import Transform
from core.drafts.layer_defaults import BLOCKS, NEW_LAYERS, OF_MAPS
from core.drafts.validation import Report, validate, with_resource_checks
from core.experiment import presets
from core.experiment.experiment import Experiment
from core.network.network import named, names_in
from core.network.repairs import LISTS, JsonLayer, Repair, fits, repaired
from core.network.shapes import shape_text
from core.recipe.losses import Loss, fewest_outputs
from core.recipe.optimizers import Optimizer
from core.recipe.schedules import Schedule


OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "step", "exponential", "inverse", "cosine", "plateau", "rising")
LOSSES = (
    "cross_entropy",
    "focal",
    "logit_adjusted",
    "binary_cross_entropy",
    "squared_error",
    "negative_log_likelihood",
)
_OPTIMIZER: TypeAdapter[Any] = TypeAdapter(Optimizer)
_SCHEDULE: TypeAdapter[Any] = TypeAdapter(Schedule)
_TRANSFORM: TypeAdapter[Any] = TypeAdapter(Transform)
_LOSS: TypeAdapter[Any] = TypeAdapter(Loss)
_tickets = count(1)


def new_ticket() -> int:
    return next(_tickets)


@dataclass
class Row:
    """A layer as typed, with a ticket that identifies it even after it has moved."""

    layer: JsonLayer
    ticket: int | str = field(default_factory=lambda: next(_tickets))


@dataclass
class Draft:
    title: str
    preset: str | None
    """The chosen preset; None once a layer is changed."""
    data: dict[str, Any]
    shape: tuple[int, int, int]
    rows: list[Row]
    training: dict[str, Any]
    seed: int
    optimizers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each kind with the values last typed for it."""
    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    losses: dict[str, dict[str, Any]] = field(default_factory=dict)
    origin: str | None = None
    """The preset that the layers last came from, even if they were changed since."""
    ticket: int = field(default_factory=lambda: next(_tickets))
    """Changes when another experiment replaces this one, so that its widgets are created anew."""
    undone: str = field(default="", compare=False)
    """Changes after each undo and redo; part of the widget keys of data and preset."""
    _read: tuple[tuple[str, Entry | str], Report] | None = field(default=None, init=False, compare=False, repr=False)
    """What was typed at the last check, and the report on it."""

    @classmethod
    def of(cls, experiment: Experiment, preset: str | None = None) -> "Draft":
        document = experiment.model_dump(mode="json")
        return cls(
            title=document["title"],
            preset=preset,
            data=document["data"],
            shape=experiment.network.input_shape,
            rows=[Row(layer) for layer in document["network"]["layers"]],
            training=document["training"],
            seed=document["seed"],
            optimizers={document["training"]["optimizer"]["kind"]: document["training"]["optimizer"]},
            schedules={document["training"]["schedule"]["kind"]: document["training"]["schedule"]},
            losses={document["training"]["loss"]["kind"]: document["training"]["loss"]},
            origin=preset,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Leaves the report out of a copy, which is checked again."""
        return {**vars(self), "_read": None}

    # --- changing

    def choose_optimizer(self, kind: str) -> None:
        self.optimizers.setdefault(kind, _OPTIMIZER.validate_python({"kind": kind}).model_dump(mode="json"))
        self.training["optimizer"] = self.optimizers[kind]

    def choose_schedule(self, kind: str) -> None:
        self.schedules.setdefault(kind, _SCHEDULE.validate_python({"kind": kind}).model_dump(mode="json"))
        self.training["schedule"] = self.schedules[kind]

    def choose_loss(self, kind: str) -> None:
        self.losses.setdefault(kind, _LOSS.validate_python({"kind": kind}).model_dump(mode="json"))
        self.training["loss"] = self.losses[kind]

    def choose_class_weights(self, kind: str, now: list[float]) -> None:
        """Custom weights start with the current ones (`now`), or with 1 for each class."""
        weights = {"weights": now or [1.0] * self.classes()} if kind == "custom" else {}
        self.training["class_weights"] = {"kind": kind, **weights}

    def set_class_weight(self, index: int, weight: Any) -> None:
        """Sets one weight and completes the list to one weight per class."""
        weights = [*self.training["class_weights"]["weights"], *[1.0] * self.classes()][: self.classes()]
        weights[index] = weight
        self.training["class_weights"]["weights"] = weights

    def classes(self) -> int:
        """The number of classes of the data set."""
        return len(catalogue.describe(self.data["name"]).class_names)

    def outputs(self) -> int:
        """The number of outputs that the network needs."""
        return fewest_outputs(_LOSS.validate_python({"kind": self.training["loss"]["kind"]}), self.classes())

    def set_rate(self, rate: float) -> None:
        self.training["optimizer"]["learning_rate"], self.ticket = rate, next(_tickets)

    def take(self, experiment: Experiment) -> None:
        """Replaces layers and training recipe by those of an experiment; data and seed stay."""
        other, layers = Draft.of(experiment), [row.layer for row in self.rows]
        self.preset = self.preset if [row.layer for row in other.rows] == layers else None
        self._adopt(other)

    def choose_data(self, name: str) -> None:
        """Fits the network to the images of the data set, and its last dense layer to the classes."""
        entry = catalogue.describe(name)
        self.data = {"name": name, "order": self.data.get("order", "file"), "scaling": self.data.get("scaling")}
        self.shape, self.ticket = entry.shape, next(_tickets)
        if (last := self._last_dense()) is not None:
            last["units"] = self.outputs()
        if (weights := self.training["class_weights"])["kind"] == "custom":
            weights["weights"] = [1.0] * len(entry.class_names)  # the old weights belong to other classes
        self._retitle()

    def add_transform(self, kind: str) -> None:
        """Adds a transform with its default values at the end of the augmentation."""
        transform = _TRANSFORM.validate_python({"kind": kind}).model_dump(mode="json")
        self.data["augmentation"] = [*(self.data.get("augmentation") or []), transform]

    def remove_transform(self, index: int) -> None:
        self.data["augmentation"] = [*self.data["augmentation"][:index], *self.data["augmentation"][index + 1 :]]
        self.ticket = next(_tickets)

    def rebalanced(self) -> bool:
        """Whether training images of some classes are left out or copied."""
        usual = {"imbalance": "none", "balance": "none"}
        return any((self.data.get(name) or {"kind": kind})["kind"] != kind for name, kind in usual.items())

    def as_it_is(self) -> None:
        """Restores the original training classes of the data set."""
        self.data = {name: value for name, value in self.data.items() if name not in ("imbalance", "balance")}
        self.ticket = next(_tickets)

    def choose_preset(self, name: str) -> None:
        """Takes the preset's layers and training recipe; data and seed stay."""
        other = Draft.of(presets.experiment(name, self.data["name"]), name)
        if presets.get(name).scaling is not None:
            self.data["scaling"] = other.data["scaling"]
        self._adopt(other)
        self.preset = self.origin = name
        self._retitle()

    def fit(self) -> str:
        """Sets the input shape to that of the data set's images; returns a sentence about it, or "" if it fitted."""
        entry, before = catalogue.describe(self.data["name"]), self.shape
        if before == entry.shape:
            return ""
        self.shape = entry.shape
        return (
            f"The file's network takes images of {shape_text(before)}, but {entry.label} has "
            f"{shape_text(entry.shape)}: the network was fitted to the data"
        )

    def add(self, kind: str) -> None:
        """Adds a layer at the end, but before the output layer (the last dense one)."""
        self._insert(self._index_for(kind), {"kind": kind, **NEW_LAYERS[kind]})

    def add_block(self, block: str) -> None:
        """Adds several layers after the last one that outputs feature maps."""
        position = self._index_for("conv2d")
        for offset, layer in enumerate(BLOCKS[block]):
            self._insert(position + offset, layer)

    def duplicate(self, index: int) -> None:
        self._insert(index + 1, nameless(self.rows[index].layer))

    def remove(self, index: int) -> None:
        del self.rows[index]
        self.preset = None

    def move(self, index: int, by: int) -> None:
        to = min(max(index + by, 0), len(self.rows) - 1)
        self.rows.insert(to, self.rows.pop(index))
        self.preset = None

    def reorder(self, tickets: list[int]) -> None:
        """Puts the layers into this order; does nothing if the tickets are not those of the current layers."""
        rows = {row.ticket: row for row in self.rows}
        if sorted(tickets) != sorted(rows) or tickets == list(rows):
            return
        self.rows = [rows[ticket] for ticket in tickets]
        self.preset = None

    def place_of(self, ticket: int) -> int | None:
        """The index of the layer with this ticket; None if it was removed."""
        return next((index for index, row in enumerate(self.rows) if row.ticket == ticket), None)

    def apply_repair(self, repair: Repair) -> None:
        """Makes a repair that `fits`; unchanged layers keep their tickets."""
        network = repaired(self._network(), repair)
        self.shape, self.preset = network["input_shape"], None
        self.rows = rows_of(named(network["layers"], names_in(network["layers"])), self.rows)

    def can_mend(self, repair: Repair) -> bool:
        return fits(self._network(), repair)

    def set_layer(self, index: int, name: str, value: Any) -> None:
        self.rows[index].layer[name] = value
        self.preset = None

    def key(self, field: str) -> str:
        """The key of a widget for a field that presets and data sets also change."""
        return f"{field}-{self.ticket}"

    def name(self, index: int) -> str:
        return str(self.rows[index].layer.get("name", ""))

    def usable_seed(self) -> int:
        """The seed, or 1 while the typed one is invalid."""
        return self.seed if isinstance(self.seed, int) and 0 <= self.seed < 2**63 else 1

    # --- checking

    def check(self) -> Report:
        """Validates the draft if it has changed since the last check; images and memory are checked every time."""
        document = self.document()
        typed = json.dumps(document, default=str), self._entry()
        if self._read is None or self._read[0] != typed:
            self._read = typed, validate(document)
        return with_resource_checks(self._read[1])

    def _entry(self) -> Entry | str:
        """The catalogue's entry of the data set, or why there is none."""
        try:
            return catalogue.describe(self.data["name"])
        except DataError as error:
            return str(error)

    def document(self) -> dict[str, Any]:
        """The JSON of the experiment as typed, valid or not."""
        data = {key: value for key, value in self.data.items() if value is not None}
        return {
            "title": self.title,
            "data": data,
            "network": self._network(),
            "training": self.training,
            "seed": self.seed,
        }

    # --- inside

    def _index_for(self, kind: str) -> int:
        """The index of a new layer: at the end, but before the last dense layer; for a layer that takes feature maps,
        before the first one that outputs a vector."""
        position = len(self.rows)
        if position and self.rows[-1].layer is self._last_dense():
            position -= 1
        if kind in OF_MAPS:
            position = next((k for k, row in enumerate(self.rows) if row.layer["kind"] in LISTS), position)
        return position

    def _adopt(self, other: "Draft") -> None:
        self.rows, self.training, self.ticket = other.rows, other.training, next(_tickets)
        self.optimizers.update(other.optimizers)
        self.schedules.update(other.schedules)
        self.losses.update(other.losses)

    def _network(self) -> dict[str, Any]:
        return {"input_shape": self.shape, "layers": [row.layer for row in self.rows]}

    def _insert(self, index: int, layer: JsonLayer) -> None:
        [layer] = named([{"kind": layer["kind"], "name": "", **deepcopy(layer)}], self.names())
        self.rows.insert(index, Row(layer))
        self.preset = None

    def names(self) -> set[str]:
        """The names of all layers, including those inside blocks."""
        return names_in([row.layer for row in self.rows])

    def _last_dense(self) -> JsonLayer | None:
        return next((row.layer for row in reversed(self.rows) if row.layer["kind"] == "dense"), None)

    def _retitle(self) -> None:
        network = presets.get(self.preset).label if self.preset else "my network"
        self.title = f"{network} on {catalogue.describe(self.data['name']).label}"


def rows_of(layers: list[JsonLayer], known: list[Row]) -> list[Row]:
    """One row per layer: the known one of an unchanged layer, so that its widgets stay, else one with a new ticket."""
    remaining = list(known)
    rows = []
    for layer in layers:
        same = next((row for row in remaining if row.layer == layer), None)
        if same:
            remaining.remove(same)
        rows.append(same or Row(layer))
    return rows


def nameless(layer: JsonLayer) -> JsonLayer:
    """A copy of the layer without its name and without the names of the layers inside."""
    bare = {key: deepcopy(value) for key, value in layer.items() if key != "name"}
    if "layers" in bare:
        bare["layers"] = [nameless(inner) for inner in bare["layers"]]
    if "rows" in bare:
        bare["rows"] = [[nameless(inner) for inner in row] for row in bare["rows"]]
    return bare
