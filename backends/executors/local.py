"""Hosts on this machine: one warm process a backend, each with its own line of waiting runs."""

import atexit
import contextlib
import threading

import backends
from backends.executors.executor import Executor
from backends.host import Host, HostInfo
from core.backend import BackendError
from core.hardware import CORES
from core.runs.folder import Run, all_runs


class LocalExecutor(Executor):
    """Used by one dashboard; every session of it shares the hosts."""

    def __init__(self):
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()

    def warm(self, name: str, data: str | None = None) -> None:
        """Start the host of a backend early, and let it read a data set; returns at once."""
        if backends.missing(name) is None:
            self._host(name).warm(data)

    def train(self, run: Run, backend: str, device: str) -> None:
        """As soon as the backend's host is free. Raises BackendError; the run is then marked as failed, with the reason."""
        try:
            if (sentence := backends.missing(backend)) is not None:
                raise BackendError(sentence)
            self._host(backend).train(run, device)
        except BackendError as error:
            run.leave_queue(str(error), "failed")
            raise

    def hosts(self) -> dict[str, HostInfo]:
        """By backend name, installed or not; nothing is started by asking."""
        return {name: self._hosts[name].info if name in self._hosts else HostInfo() for name in backends.names()}

    def host_pid(self, name: str) -> int | None:
        """Of the process that holds a backend, None while there is none."""
        return self._hosts[name].pid if name in self._hosts else None

    def close(self) -> None:
        """Stop what is being trained, with a snapshot, and end all hosts."""
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
        """An equal share of the cores for every host that has something to train."""
        hosts = list(self._hosts.values())
        share = max(1, CORES // max(1, sum(host.wants_cores for host in hosts)))
        for host in hosts:
            host.use_threads(share)


_executor: LocalExecutor | None = None
_making = threading.Lock()


def executor() -> LocalExecutor:
    """The one of this process. At its making, runs whose process was killed get their ending written."""
    global _executor
    with _making:
        if _executor is None:
            _executor = LocalExecutor()
            atexit.register(_executor.close)
            for run in all_runs():
                with contextlib.suppress(OSError):  # a run that cannot be written keeps its ending to itself
                    run.mark_crashed()
        return _executor
