"""The controls of the page Transfer: which network, cut where, learns which images. All choices are in the address."""

from dataclasses import dataclass

import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.experiment.messages import explain
from core.runs import snapshots
from core.runs.folder import Run, RunError
from core.transfer.classifiers import WORDS
from core.transfer.features import MOST_FEATURES, layers, usual_layer
from core.transfer.plan import CLASSIFIERS, EACH, Plan
from pages.parts.runs.runs_picker import run_labels
from pages.recorded import shipped
from pages.ui.formatting import plain, sentence
from pages.ui.page_script import address


DRAWS = (3, 5, 10, 20)
USUAL_EACH = (5, 20, 100)
LEAST_SIDE = 8
"""Smaller images are no pictures."""
ALL_CLASSES = "all"
"""In the address."""
COMES_ALONG = "comes with ConvScope"


@dataclass(frozen=True)
class Source:
    """A network whose features are used, and where to cut it."""

    run: Run
    layer: str
    step: int


def source_picker(everything: list[Run]) -> Source | None:
    """The run in the link, or else the newest one; None, with a message, if there is no network at all."""
    networks = _networks(everything)
    if not networks:
        st.info("There is no trained network yet: no run has saved its weights.")
        st.page_link("pages/lab/train.py", label="Train a network first")
        return None
    linked = st.query_params.get("run")
    if linked and linked not in networks:
        st.warning(f"There is no network “{plain(linked)}” here. Another one is shown instead.")
    labels = _labels(networks)
    left, right = st.columns([3, 2])
    chosen = left.selectbox(
        "Trained network",
        list(networks),
        _index(list(networks), linked),
        key="transfer-run",
        format_func=labels.__getitem__,
    )
    address("run", chosen)
    if linked in networks and chosen != linked:  # the reader has chosen another: what was chosen for it is void
        for name in ("layer", "data", "classes"):
            address(name, None)
    run = networks[chosen]
    network = run.experiment.network
    widths = {name: width for name, width in layers(run.experiment).items() if width <= MOST_FEATURES}
    names = list(widths)
    usual = usual_layer(network)
    linked_layer = st.query_params.get("layer")
    if linked_layer and linked == chosen and linked_layer not in widths:
        st.warning(f"Layer “{plain(linked_layer)}” cannot be used here. Another one is shown instead.")
    layer = right.selectbox(
        "Cut after layer",
        names,
        _index(names, linked_layer if linked_layer in widths else usual, max(0, len(names) - 2)),
        key=f"transfer-layer-{chosen}",
        format_func=lambda name: f"{name}: {widths[name]:,} numbers per image",
        help="Everything after this layer is removed. Its outputs are the features. Layers with more than "
        f"{MOST_FEATURES:,} numbers per image are left out.",
    )
    address("layer", layer)
    order = list(layers(run.experiment))
    if order.index(layer) > order.index(usual):
        st.warning(
            f"Cut after {layer}, the network’s own classifier is reused, too: the features are what it says about its "
            f"own classes. The layer before it, {usual}, has {layers(run.experiment)[usual]:,} numbers per image"
            + (
                ", too many here. Choose a network with a pooling layer, such as mnist-cnn."
                if usual not in widths
                else "."
            )
        )
    try:
        return Source(run, layer, run.state_at().step)
    except RunError as problem:
        st.error(sentence(str(problem)))
        return None


def plan_picker(source: Source) -> Plan | None:
    """The plan, or None with a message if it makes no sense."""
    left, right = st.columns([2, 3])
    with left:
        data = _data_picker(source.run)
    if data is None:
        return None
    with right:
        classes = _classes_picker(source.run, data)
    left, middle, right = st.columns([2, 3, 1])
    classifier = left.selectbox(
        "Classifier",
        list(CLASSIFIERS),
        _index(list(CLASSIFIERS), st.query_params.get("classifier")),
        key="transfer-classifier",
        format_func=CLASSIFIERS.__getitem__,
    )
    address("classifier", classifier)
    linked = [count for count in EACH if str(count) in (st.query_params.get("each") or "").split(",")]
    each = middle.pills(
        "Training images per class",
        EACH,
        selection_mode="multi",
        default=linked or USUAL_EACH,
        key="transfer-each",
    )
    address("each", ",".join(map(str, sorted(each))) or None)
    draws = right.selectbox(
        "Draws",
        DRAWS,
        _index([str(count) for count in DRAWS], st.query_params.get("draws"), 1),
        key="transfer-draws",
        help="How often other training images are drawn. The chart shows the mean and the standard deviation.",
    )
    address("draws", str(draws))
    st.markdown(
        f":small[{WORDS[classifier]} Features are scaled with the mean and the standard deviation of the training "
        "images. Test images are never used for training.]"
    )
    if not each:
        st.info("Choose at least one number of training images per class.")
        return None
    try:
        return Plan(
            run=source.run.id,
            step=source.step,
            layer=source.layer,
            data=data,
            classes=classes,
            classifier=classifier,
            each=tuple(sorted(each)),
            draws=draws,
        )
    except ValidationError as error:
        st.info(sentence(explain(error)))
        return None


def _networks(everything: list[Run]) -> dict[str, Run]:
    """The runs that have ended and have weights, newest first, then the networks that come with ConvScope."""
    own = {run.id: run for run in everything if run.status().ended and snapshots.steps(run.state_path)}
    return own | shipped.shipped()


def _labels(networks: dict[str, Run]) -> dict[str, str]:
    own = {name: run for name, run in networks.items() if not shipped.is_shipped(run)}
    return {name: f"{name}, {COMES_ALONG}" for name in networks if name not in own} | run_labels(own)


def _data_picker(run: Run) -> str | None:
    """The data set in the link, or else one that is new to the run; None, with a message, if it is not on this
    computer."""
    names = catalogue.names()
    linked = st.query_params.get("data")
    if linked and linked not in names:
        st.warning(f"There is no data set “{plain(linked)}”. Another one is shown instead.")
    data = st.selectbox(
        "Data set to learn",
        names,
        _index(names, linked if linked in names else _new_data(run)),
        key=f"transfer-data-{run.id}",
        format_func=lambda name: catalogue.describe(name).label,
    )
    address("data", data)
    try:
        problem = catalogue.missing(data)
    except DataError as error:
        problem = str(error)
    if problem:
        st.info(problem)
        return None
    return data


def _classes_picker(run: Run, data: str) -> tuple[int, ...]:
    """The classes in the link, or else those that the run has not been trained on; () means all. Of data that the run
    knows, the second half."""
    names = catalogue.describe(data).class_names
    linked = st.query_params.get("classes") if st.query_params.get("data") == data else None
    given = [label for label in range(len(names)) if str(label) in (linked or "").split(",")]
    if linked != ALL_CLASSES and not given:
        half = len(names) // 2 if data == run.experiment.data.name and len(names) > 3 else 0
        given = _unseen(run, data) or list(range(len(names)))[half:] * (half > 0)
    chosen = st.multiselect(
        "Classes",
        range(len(names)),
        given,
        key=f"transfer-classes-{data}-{run.id}",
        format_func=names.__getitem__,
        placeholder="All classes",
    )
    classes = tuple(sorted(chosen))
    address("classes", ",".join(map(str, classes)) or ALL_CLASSES)
    if data == run.experiment.data.name and not _unseen(run, data):
        st.markdown(":small[The network was trained on these classes. Another data set is the harder test.]")
    return classes


def _new_data(run: Run) -> str:
    """The run's own data set if it has classes that the run has not been trained on; else another one that is here, if
    possible with as many classes and channels."""
    own = catalogue.describe(run.experiment.data.name)
    if _unseen(run, own.name):
        return own.name
    others = [
        entry
        for entry in map(catalogue.describe, catalogue.names())
        if entry.name.split("-")[0] != own.name.split("-")[0]
        and min(entry.shape[1:]) >= LEAST_SIDE
        and min(own.shape[1:]) >= LEAST_SIDE
        and not catalogue.missing(entry.name)
    ]
    others.sort(key=lambda it: (abs(len(it.class_names) - len(own.class_names)), it.shape[0] != own.shape[0]))
    return others[0].name if others else own.name


def _unseen(run: Run, data: str) -> list[int]:
    """The classes of the run's own data set without training images, if there are at least two."""
    counts = run.experiment.data.per_class if run.experiment.data.name == data else None
    unseen = [label for label, count in enumerate(counts or ()) if count == 0]
    return unseen if len(unseen) > 1 else []


def _index(options: list[str], wanted: str | None, usual: int = 0) -> int:
    return options.index(wanted) if wanted in options else usual
