"""Answers questions about runs in one backend: the run's network, with the weights of the newest or of an earlier step.

A state does not depend on a backend, so each backend can answer for every run.
"""

import zlib
from collections import OrderedDict
from pathlib import Path

from core.arrays import Array
from core.backend import Backend, Model, State, Weights
from core.explain.questions import UNCHANGED, Changes, Question, Trained
from core.network.network import Network
from core.runs.folder import Run


NETWORKS_KEPT = 4
"""The networks asked last stay built: building one costs more than most answers."""

Key = tuple[Path, int, Changes, str]
"""The run's folder, a checksum of its weights, the changes to them and the device."""


class Answerer:
    """Answers with one loaded backend, in this process."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._networks: OrderedDict[Key, Trained] = OrderedDict()

    def answer(
        self,
        run: Run,
        question: Question,
        arrays: dict[str, Array],
        step: int | None = None,
        changes: Changes = UNCHANGED,
        device: str = "cpu",
    ) -> dict[str, Array]:
        """The arrays of the answer, by name; `step` None: with the newest weights. Raises RunError, BackendError or
        QuestionError."""
        return question.answer(self._network(run, step, changes, device), arrays)

    def _network(self, run: Run, step: int | None, changes: Changes, device: str) -> Trained:
        state = run.state_at(step)
        key = (run.path, _checksum(state), changes, device)
        if key not in self._networks:
            self._networks[key] = self._opened(run, state, changes, device)
        self._networks.move_to_end(key)
        while len(self._networks) > NETWORKS_KEPT:
            self._networks.popitem(last=False)
        return self._networks[key]

    def _opened(self, run: Run, state: State, changes: Changes, device: str) -> Trained:
        experiment = run.experiment

        def build(network: Network, weights: Weights) -> Model:
            return self._backend.build(network, weights, experiment.training, device)

        changed = State(changes.applied(state.weights), state.slots, state.step, statistics=state.statistics)
        model = build(experiment.network, changed.weights)
        model.restore(changed)
        return Trained(experiment, changed, model, build)


def _checksum(state: State) -> int:
    result = state.step
    for values in (*state.weights.values(), *state.statistics.values()):
        result = zlib.crc32(values.tobytes(), result)
    return result
