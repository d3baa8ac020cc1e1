"""Hosts on this machine: one warm process per backend, each with its own queue of runs."""

import atexit
import contextlib
import hashlib
import threading

import backends
from backends.executors.answer_cache import AnswerCache
from backends.executors.executor import Executor
from backends.host import Host, HostInfo
from core.arrays import Array
from core.backend import BackendError
from core.explain.questions import UNCHANGED, Changes, Question
from core.hardware import CORES
from core.runs import snapshots
from core.runs.folder import Run, all_runs


class LocalExecutor(Executor):
    """The executor of one dashboard; all its sessions share the hosts."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}
        self._answers = AnswerCache()
        self._lock = threading.Lock()

    def warm(self, name: str, data: str | None = None) -> None:
        """Start a backend's host ahead of time and have it read a data set; returns immediately."""
        if backends.missing(name) is None:
            self._host(name).warm(data)

    def train(self, run: Run, backend: str, device: str) -> None:
        """Queue the run; it is trained as soon as the backend's host is free. If this raises BackendError, the run is
        marked as failed, with the reason."""
        try:
            if (problem := backends.missing(backend)) is not None:
                raise BackendError(problem)
            self._host(backend).train(run, device)
        except BackendError as error:
            run.leave_queue(str(error), "failed")
            raise

    def ask(
        self,
        run: Run,
        question: Question,
        arrays: dict[str, Array] | None = None,
        *,
        step: int | None = None,
        changes: Changes = UNCHANGED,
        backend: str = "reference",
    ) -> dict[str, Array]:
        """The answer of a backend's host, which may be training another run, or the same answer from before.

        `step`: with the weights that the run remembers of this step (None: the newest). The arrays are read-only.
        Raises BackendError or RunError with one sentence."""
        if (problem := backends.missing(backend)) is not None:
            raise BackendError(problem)
        arrays = arrays or {}
        key = _key(run, question, arrays, step, changes, backend)
        if (answer := self._answers.get(key)) is None:
            answer = self._host(backend).answer(run, question, arrays, step, changes)
            self._answers.keep(key, answer)
        return answer

    def hosts(self) -> dict[str, HostInfo]:
        """By backend name, installed or not; starts no process."""
        return {name: self._hosts[name].info if name in self._hosts else HostInfo() for name in backends.names()}

    def host_pid(self, name: str) -> int | None:
        """The id of the process that holds a backend; None if it is not running."""
        return self._hosts[name].pid if name in self._hosts else None

    def close(self) -> None:
        """Stop all training, with a snapshot, and end all hosts."""
        with self._lock:
            hosts, self._hosts = list(self._hosts.values()), {}
        closers = [threading.Thread(target=host.close) for host in hosts]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join()

    def _host(self, name: str) -> Host:
        with self._lock:
            return self._hosts.setdefault(name, Host(name, self._share_cores))

    def _share_cores(self) -> None:
        """Divide the cores equally among the hosts that have something to train."""
        hosts = list(self._hosts.values())
        share = max(1, CORES // max(1, sum(host.wants_cores for host in hosts)))
        for host in hosts:
            host.use_threads(share)


def _key(
    run: Run, question: Question, arrays: dict[str, Array], step: int | None, changes: Changes, backend: str
) -> str:
    """A digest of everything that an answer depends on, the run's newest weights included."""
    newest = snapshots.steps(run.state_path)[-1:]
    saved = [(path.name, path.stat().st_mtime_ns) for path in newest], run.remembered()[-1:]
    digest = hashlib.sha256(repr((str(run.path), saved, step, changes, question, backend)).encode())
    for name, values in sorted(arrays.items()):
        digest.update(repr((name, values.shape, values.dtype.str)).encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


_executor: LocalExecutor | None = None
_creation = threading.Lock()


def executor() -> LocalExecutor:
    """The executor of this process. On creating it, runs whose process was killed are marked as crashed."""
    global _executor
    with _creation:
        if _executor is None:
            _executor = LocalExecutor()
            atexit.register(_executor.close)
            for run in all_runs():
                with contextlib.suppress(OSError):  # a run folder that cannot be written stays unmarked
                    run.mark_crashed()
        return _executor
