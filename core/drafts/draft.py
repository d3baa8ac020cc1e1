"""An experiment while it is being typed: kept as it was typed, right or wrong, so that nothing is lost."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

from pydantic import TypeAdapter

from core.data import catalogue
from core.data.dataset import DataError
from core.data.preparation.augmentation import Transform
from core.drafts.layer_defaults import BLOCKS, NEW_LAYERS, OF_MAPS
from core.drafts.validation import Report, validate, with_resource_checks
from core.experiment import presets
from core.experiment.experiment import Experiment
from core.network.network import named, names_in
from core.network.repairs import LISTS, Repair, fits, repaired
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
_OPTIMIZER, _SCHEDULE = TypeAdapter(Optimizer), TypeAdapter(Schedule)
_TRANSFORM: TypeAdapter = TypeAdapter(Transform)
_LOSS: TypeAdapter = TypeAdapter(Loss)
_tickets = count(1)


def new_ticket() -> int:
    return next(_tickets)


@dataclass
class Row:
    """A layer as typed, with a ticket that stays its own when it moves."""

    layer: dict
    ticket: int | str = field(default_factory=lambda: next(_tickets))


@dataclass
class Draft:
    title: str
    preset: str | None
    """None once a layer is changed."""
    data: dict
    shape: tuple[int, int, int]
    rows: list[Row]
    training: dict
    seed: int
    optimizers: dict = field(default_factory=dict)
    """Each kind with the numbers last typed for it."""
    schedules: dict = field(default_factory=dict)
    losses: dict = field(default_factory=dict)
    origin: str | None = None
    """The preset that the layers were last taken from, also when they were changed since."""
    ticket: int = field(default_factory=lambda: next(_tickets))
    """Another one for every experiment that is put in place of the last: its widgets are new ones."""
    undone: str = field(default="", compare=False)
    """Another word after each undo and redo, for the keys of data and preset."""
    _read: tuple | None = field(default=None, init=False, compare=False, repr=False)
    """What was typed when it was last checked, and what was said of it."""

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

    def __getstate__(self) -> dict:
        """A copy is checked anew."""
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
        """By hand begins with what the classes count `now`, or with 1 for each."""
        by_hand = {"weights": now or [1.0] * self.classes()} if kind == "custom" else {}
        self.training["class_weights"] = {"kind": kind, **by_hand}

    def set_class_weight(self, index: int, weight) -> None:
        """There is one for each class from now on."""
        weights = [*self.training["class_weights"]["weights"], *[1.0] * self.classes()][: self.classes()]
        weights[index] = weight
        self.training["class_weights"]["weights"] = weights

    def classes(self) -> int:
        """Of the data set."""
        return len(catalogue.describe(self.data["name"]).class_names)

    def outputs(self) -> int:
        """So many the network needs."""
        return fewest_outputs(_LOSS.validate_python({"kind": self.training["loss"]["kind"]}), self.classes())

    def set_rate(self, rate: float) -> None:
        self.training["optimizer"]["learning_rate"], self.ticket = rate, next(_tickets)

    def take(self, experiment: Experiment) -> None:
        """Its layers and its training recipe, in place of what is typed; data and seed stay."""
        made, same = Draft.of(experiment), [row.layer for row in self.rows]
        self.preset = self.preset if [row.layer for row in made.rows] == same else None
        self._adopt(made)

    def choose_data(self, name: str) -> None:
        """The network is fitted to the images, and its last dense layer to the classes."""
        entry = catalogue.describe(name)
        self.data = {"name": name, "order": self.data.get("order", "file"), "scaling": self.data.get("scaling")}
        self.shape, self.ticket = entry.shape, next(_tickets)
        if (last := self._last_dense()) is not None:
            last["units"] = self.outputs()
        if (weights := self.training["class_weights"])["kind"] == "custom":
            weights["weights"] = [1.0] * len(entry.class_names)  # those of other classes mean nothing here
        self._retitle()

    def add_transform(self, kind: str) -> None:
        """At the end of the augmentation, with its usual numbers."""
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
        """The training classes as the data set has them."""
        self.data = {name: value for name, value in self.data.items() if name not in ("imbalance", "balance")}
        self.ticket = next(_tickets)

    def choose_preset(self, name: str) -> None:
        """Its layers and its training recipe; data and seed stay."""
        made = Draft.of(presets.experiment(name, self.data["name"]), name)
        if presets.get(name).scaling is not None:
            self.data["scaling"] = made.data["scaling"]
        self._adopt(made)
        self.preset = self.origin = name
        self._retitle()

    def fit(self) -> str:
        """Gives the network the shape of its data set's images; says so where it had another one, else ""."""
        entry, had = catalogue.describe(self.data["name"]), self.shape
        if had == entry.shape:
            return ""
        self.shape = entry.shape
        return (
            f"The file's network takes images of {shape_text(had)}, but {entry.label} has {shape_text(entry.shape)}: "
            f"the network was fitted to the data"
        )

    def add(self, kind: str) -> None:
        """At the end, but before the last dense layer, which gives the classes."""
        self._insert(self._place_for(kind), {"kind": kind, **NEW_LAYERS[kind]})

    def add_block(self, block: str) -> None:
        """Several layers at once, where maps end."""
        position = self._place_for("conv2d")
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
        """The layers in this order; nothing happens where these are not its layers (any more)."""
        rows = {row.ticket: row for row in self.rows}
        if sorted(tickets) != sorted(rows) or tickets == list(rows):
            return
        self.rows = [rows[ticket] for ticket in tickets]
        self.preset = None

    def place_of(self, ticket: int) -> int | None:
        """Where the layer with this ticket stands now; None once it is gone."""
        return next((index for index, row in enumerate(self.rows) if row.ticket == ticket), None)

    def apply_repair(self, repair: Repair) -> None:
        """Makes a repair that `fits`; layers that stay as they are keep their tickets."""
        network = repaired(self._network(), repair)
        self.shape, self.preset = network["input_shape"], None
        self.rows = rows_of(named(network["layers"], names_in(network["layers"])), self.rows)

    def can_mend(self, repair: Repair) -> bool:
        return fits(self._network(), repair)

    def set_layer(self, index: int, name: str, value) -> None:
        self.rows[index].layer[name] = value
        self.preset = None

    def key(self, field: str) -> str:
        """Of a widget for a field that presets and data sets change too."""
        return f"{field}-{self.ticket}"

    def name(self, index: int) -> str:
        return self.rows[index].layer.get("name", "")

    def usable_seed(self) -> int:
        """The seed, or 1 as long as what was typed is none."""
        return self.seed if isinstance(self.seed, int) and 0 <= self.seed < 2**63 else 1

    # --- checking

    def check(self) -> Report:
        """What is typed is read again when it has changed, and what lies outside (images, memory) each time."""
        document = self.document()
        typed = json.dumps(document, default=str), self._entry()
        if self._read is None or self._read[0] != typed:
            self._read = typed, validate(document)
        return with_resource_checks(self._read[1])

    def _entry(self) -> catalogue.Entry | str:
        """What is known of its data set, or why nothing is."""
        try:
            return catalogue.describe(self.data["name"])
        except DataError as error:
            return str(error)

    def document(self) -> dict:
        data = {key: value for key, value in self.data.items() if value is not None}
        return {
            "title": self.title,
            "data": data,
            "network": self._network(),
            "training": self.training,
            "seed": self.seed,
        }

    # --- inside

    def _place_for(self, kind: str) -> int:
        """At the end, but before the last dense layer; what takes maps, before the first layer that gives lists."""
        position = len(self.rows)
        if position and self.rows[-1].layer is self._last_dense():
            position -= 1
        if kind in OF_MAPS:
            position = next((k for k, row in enumerate(self.rows) if row.layer["kind"] in LISTS), position)
        return position

    def _adopt(self, made: "Draft") -> None:
        self.rows, self.training, self.ticket = made.rows, made.training, next(_tickets)
        self.optimizers.update(made.optimizers)
        self.schedules.update(made.schedules)
        self.losses.update(made.losses)

    def _network(self) -> dict:
        return {"input_shape": self.shape, "layers": [row.layer for row in self.rows]}

    def _insert(self, index: int, layer: dict) -> None:
        [layer] = named([{"kind": layer["kind"], "name": "", **deepcopy(layer)}], self.names())
        self.rows.insert(index, Row(layer))
        self.preset = None

    def names(self) -> set[str]:
        """All that are taken, also within blocks."""
        return names_in([row.layer for row in self.rows])

    def _last_dense(self) -> dict | None:
        return next((row.layer for row in reversed(self.rows) if row.layer["kind"] == "dense"), None)

    def _retitle(self) -> None:
        network = presets.get(self.preset).label if self.preset else "my network"
        self.title = f"{network} on {catalogue.describe(self.data['name']).label}"


def rows_of(layers: list[dict], known: list[Row]) -> list[Row]:
    """A row a layer: the known one where it is the same, so that its widgets stay, else one with a new ticket."""
    left = list(known)
    rows = []
    for layer in layers:
        same = next((row for row in left if row.layer == layer), None)
        if same:
            left.remove(same)
        rows.append(same or Row(layer))
    return rows


def nameless(layer: dict) -> dict:
    """The same layer without its name and those of the layers inside."""
    bare = {key: deepcopy(value) for key, value in layer.items() if key != "name"}
    if "layers" in bare:
        bare["layers"] = [nameless(inner) for inner in bare["layers"]]
    if "rows" in bare:
        bare["rows"] = [[nameless(inner) for inner in row] for row in bare["rows"]]
    return bare
