"""Starts an experiment on all selected backends, and shows the backend checkboxes."""

import secrets
from datetime import UTC, datetime

import streamlit as st

import backends
from backends.executors.local import executor
from backends.host import HostInfo
from core.backend import BackendError
from core.drafts.draft import Draft
from core.experiment.experiment import Experiment
from core.runs.folder import RunError
from pages.parts.session.state import FIRST, Lab
from pages.ui import backend_labels
from pages.ui.inputs import bound


def warm(names: list[str], data: str) -> None:
    """Starts the hosts of these backends in the background, so that training begins without delay."""
    for name in names:
        if backends.missing(name) is None:
            executor().warm(name, data)


def start(lab: Lab, experiment: Experiment) -> None:
    """Starts one run per backend, in one group, which Train then shows along with any errors."""
    group, lab.refused, lab.trained = new_group(), [], experiment
    for name in lab.backends:
        try:
            executor().start(experiment, name, lab.devices.get(name, "cpu"), group)
        except (RunError, BackendError) as error:
            lab.refused.append(f"{backend_labels.label(name)} did not start: {error}")
            if isinstance(error, RunError):
                continue  # there is no run folder to show
        lab.group = group


def start_several(experiments: list[Experiment], name: str, device: str) -> tuple[str, list[str]]:
    """Starts one run per experiment, one after the other: (their group, errors of those that could not start)."""
    group, refused = new_group(), []
    for experiment in experiments:
        try:
            executor().start(experiment, name, device, group)
        except (RunError, BackendError) as error:
            refused.append(f"{experiment.title} did not start: {error}")
    return group, refused


def new_group() -> str:
    """A unique group name."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def begin(lab: Lab, experiment: Experiment) -> None:
    """Makes the experiment the draft and starts it; used by Home."""
    lab.draft = Draft.of(experiment, FIRST)
    start(lab, experiment)


def backend_pickers(lab: Lab) -> None:
    """A checkbox per backend, with a choice of device if there are several, or the reason why it is not available."""
    with st.container(gap="xsmall"):
        st.markdown("Backends")
        for name in backends.names():
            _backend_picker(lab, name, executor().hosts()[name])


def _backend_picker(lab: Lab, name: str, host: HostInfo) -> None:
    missing = backends.missing(name)
    bound(
        st.checkbox,
        backend_labels.label(name),
        name in lab.backends and missing is None,
        lambda chosen, name=name: _choose(lab, name, chosen),
        f"backend-{name}",
        disabled=missing is not None,
        help=missing,
    )
    if missing:
        st.markdown(f":small[{missing}]")
    devices = {device.id: device.name for device in host.devices}
    if name in lab.backends and len(devices) > 1:
        bound(
            st.selectbox,
            f"Device for {backend_labels.label(name)}",
            lab.devices.get(name, "cpu") if lab.devices.get(name, "cpu") in devices else next(iter(devices)),
            lambda device, name=name: lab.devices.__setitem__(name, device),
            f"device-{name}",
            options=list(devices),
            format_func=lambda device, devices=devices: f"{devices[device]} ({device})",
        )
    if host.state == "failed":
        st.error(f"{backend_labels.label(name)} could not start: {host.error}")


def _choose(lab: Lab, name: str, chosen: bool) -> None:
    selected = {*lab.backends, name} if chosen else {*lab.backends} - {name}
    lab.backends = [known for known in backends.names() if known in selected]
