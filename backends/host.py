"""A host: a process that keeps one framework loaded. Here are both ends of its pipe.

The parent writes requests to the child's stdin and reads replies from its stdout, one JSON object per line:
    {"do": "train", "run": PATH, "device": ID} · {"do": "fetch", "data": NAME} · {"do": "threads", "count": N} ·
    {"do": "answer", "file": PATH, "run": PATH, "step": N, "changes": {...}, "question": {...}} · {"do": "leave"}
    {"say": "ready", "devices": [...], "version": ...} · {"say": "done", "run": PATH, "ending": ...} ·
    {"say": "answer", "file": PATH, "names": [...], "error": ...}
The progress of a run is read from its folder, never from the pipe. Arrays do not pass through the pipe either: those of
a question are in FILE, and those of its answer replace them there. While the child trains, it answers between two
reports. If the parent disappears, the child finishes the run it is training (a new dashboard will find it) and exits.
"""

import contextlib
import json
import os
import queue
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

from backends import load
from core import files
from core.arrays import Array
from core.backend import Backend, BackendError, Device
from core.explain.questions import Changes, Question
from core.runs.folder import Run


ROOT = Path(__file__).resolve().parent.parent
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**30), "MALLOC_TRIM_THRESHOLD_": str(2**32)}
"""Tells glibc to keep freed arrays for the next step. Otherwise it returns every large one to the system, and the next
step has to fetch it again page by page."""


Reply = dict[str, Any]


@dataclass(frozen=True)
class HostInfo:
    """What a page may know about a host."""

    state: str = "cold"
    """cold, warming, ready, busy or failed"""
    devices: tuple[Device, ...] = ()
    version: str = ""
    error: str = ""


# --- the parent's end ------------------------------------------------------------------------------------------------


class Host:
    """A host as the dashboard sees it: it trains one run at a time, the others wait in a queue."""

    MOST_WAITING = 200
    PATIENCE = 120.0
    """Seconds to wait for an answer: a cold host first imports its framework."""

    def __init__(self, name: str, on_change: Callable[[], None] = lambda: None):
        self.name, self.info, self._on_change = name, HostInfo(), on_change
        self._waiting: deque[tuple[Run, str]] = deque()
        self._training: Run | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._threads: int | None = None
        self._closing = False
        self._folder: Path | None = None
        self._open: dict[str, queue.SimpleQueue[Reply]] = {}
        """The questions on their way, by file: what receives the reply."""

    def warm(self, data: str | None = None) -> None:
        """Start the process if it is not running; returns immediately. With `data`, it also reads that data set."""
        with self._lock:
            if self._process is None and not self._closing:
                self._start()
            if data:
                self._ask({"do": "fetch", "data": data})

    def train(self, run: Run, device: str) -> None:
        """Queue a run. Raises BackendError if the queue is full."""
        with self._lock:
            if len(self._waiting) >= self.MOST_WAITING:
                raise BackendError(f"{self.MOST_WAITING} runs already wait for {self.name}; let some finish first")
            self._waiting.append((run, device))
            self.warm()
            self._next()

    def answer(
        self, run: Run, question: Question, arrays: dict[str, Array], step: int | None, changes: Changes
    ) -> dict[str, Array]:
        """Ask the process and wait for its answer. Raises BackendError with the reason if there is none."""
        with self._lock:
            if self._closing:
                raise BackendError("the dashboard is closing")
            self._folder = self._folder or Path(tempfile.mkdtemp(prefix="convscope-", dir=_fastest_folder()))
            file = self._folder / f"{secrets.token_hex(8)}.safetensors"
        files.save(file, arrays)
        waiting: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        request: dict[str, Any] = {"do": "answer", "file": str(file), "run": str(run.path), "step": step}
        request |= {"changes": changes.model_dump(mode="json"), "question": question.model_dump(mode="json")}
        try:
            with self._lock:
                self.warm()
                self._open[str(file)] = waiting
                self._ask(request)
            try:
                reply = waiting.get(timeout=self.PATIENCE)
            except queue.Empty:
                raise BackendError(f"{self.name} has not answered within {self.PATIENCE:.0f} seconds") from None
            if reply["error"]:
                raise BackendError(reply["error"])
            arrays = files.load(file)
            return {name: arrays[name] for name in reply["names"]}
        finally:
            self._open.pop(str(file), None)
            file.unlink(missing_ok=True)

    def close(self, patience: float = 10.0) -> None:
        """Stop the run being trained (with a snapshot), empty the queue and end the process."""
        with self._lock:
            self._closing = True
            self._drop_waiting("the dashboard was closed before this run could start")
            process = self._process
            self._ask({"do": "leave"})
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if process is None:
            return
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def use_threads(self, count: int) -> None:
        """Compute with this many threads from the next report on. Safe to call while another host is locked."""
        if count != self._threads and self._process is not None:
            self._threads = count
            self._ask({"do": "threads", "count": count})

    @property
    def wants_cores(self) -> bool:
        """Whether it is training or has runs waiting."""
        return self._training is not None or bool(self._waiting)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _start(self) -> None:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        log = TemporaryFile()  # noqa: SIM115 - closed in _listen, when the process has ended
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backends.host", self.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**KEEP_MEMORY, **os.environ, "PYTHONPATH": path},
            text=True,
            start_new_session=True,
        )
        self._threads = None
        self._set(state="warming", error="")
        threading.Thread(target=self._listen, args=(self._process, log), daemon=True, name=f"host-{self.name}").start()

    def _listen(self, process: subprocess.Popen[str], log: IO[bytes]) -> None:
        stdin, stdout = _pipes(process)
        for line in stdout:
            reply = json.loads(line)
            if reply["say"] == "answer":
                self._replied(reply)
                continue
            with self._lock:
                if reply["say"] == "ready":
                    devices = tuple(Device(**device) for device in reply["devices"])
                    self._set(state="ready", devices=devices, version=reply["version"])
                self._training = None
                self._next()
        process.wait()
        with contextlib.suppress(BrokenPipeError):
            stdin.close()
        stdout.close()
        with self._lock, log:
            self._ended(process, log)

    def _ended(self, process: subprocess.Popen[str], log: IO[bytes]) -> None:
        """The process has ended: record that in the run it was training, and start a new process for the next run."""
        started = self.info.state != "warming"
        self._process, run, self._training = None, self._training, None
        error = last_line(log, 300) or f"it ended with exit code {process.returncode}"
        for file in list(self._open):
            reason = f"the {self.name} process ended before it could answer ({error}); ask again"
            self._replied({"file": file, "error": reason})
        if run is not None:
            run.mark_crashed()
        if started or self._closing:
            self._set(state="cold")
            if self._waiting and not self._closing:
                self.warm()
        else:
            self._set(state="failed", error=error)
            self._drop_waiting(f"{self.name} could not be started: {error}", "failed")

    def _next(self) -> None:
        """If the process is idle, send it the next run."""
        if self.info.state not in ("ready", "busy") or self._training is not None:
            return
        while self._waiting:
            run, device = self._waiting.popleft()
            if run.asked() == "stop":
                continue
            self._training = run
            self._ask({"do": "train", "run": str(run.path), "device": device})
            break
        self._set(state="busy" if self._training else "ready")

    def _ask(self, request: dict[str, Any]) -> None:
        process = self._process
        if process is None:
            return
        try:
            with self._writing:
                stdin, _ = _pipes(process)
                stdin.write(json.dumps(request) + "\n")
                stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # the process has just died: _listen notices and handles it

    def _replied(self, reply: Reply) -> None:
        if (waiting := self._open.get(reply["file"])) is not None:
            waiting.put(reply)

    def _drop_waiting(self, reason: str, ending: str = "stopped") -> None:
        while self._waiting:
            run, _ = self._waiting.popleft()
            if run.asked() != "stop":
                run.leave_queue(reason, ending)

    def _set(self, **fields: Any) -> None:
        self.info = replace(self.info, **fields)
        self._on_change()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    """Its stdin and stdout. Popen's types allow None; here both are pipes."""
    return cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)


def _fastest_folder() -> str | None:
    """Memory that looks like a folder, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def last_line(log: IO[bytes], most: int) -> str:
    """The last line of a process's log, at most so many characters of it; "" if there is none."""
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:most] if lines else ""


# --- the child's end -------------------------------------------------------------------------------------------------


def main(name: str) -> None:
    """Serve backend `name` until the parent asks to leave or disappears."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what frameworks print must not mix with the replies
    parent = _Parent(sys.stdin)
    try:
        backend = load(name)
        devices = [asdict(device) for device in backend.devices()]
        _first_step(backend)
    except BackendError as error:
        sys.exit(str(error))
    _say(replies, {"say": "ready", "devices": devices, "version": backend.version()})
    answers = _Answers(backend, parent, replies)
    while (request := parent.next_request()) is not None:
        answers.give()
        match request["do"]:
            case "fetch":
                _fetch(request["data"])
            case "train":
                run, device = Run(Path(request["run"])), request["device"]
                ending = _train(run, backend, name, device, parent, answers)
                _say(replies, {"say": "done", "run": request["run"], "ending": ending})


class _Parent:
    """The parent as the child sees it: its requests, and whether it is still running."""

    def __init__(self, pipe: IO[str]):
        self.closing, self.gone = threading.Event(), threading.Event()
        self.threads: int | None = None
        self.questions: deque[dict[str, Any]] = deque()
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._listen, args=(pipe,), daemon=True).start()

    def next_request(self) -> dict[str, Any] | None:
        """The next request; None when it is time to exit."""
        request = self._requests.get()
        return None if self.closing.is_set() or self.gone.is_set() else request

    def _listen(self, pipe: IO[str]) -> None:
        for line in pipe:
            request = json.loads(line)
            if request["do"] == "threads":
                self.threads = request["count"]
                continue
            if request["do"] == "leave":
                self.closing.set()
            if request["do"] == "answer":  # then the request only wakes up an idle host
                self.questions.append(request)
            self._requests.put(request)
        self.gone.set()
        self._requests.put(None)


class _Answers:
    """Answers the questions that have arrived since the last call."""

    def __init__(self, backend: Backend, parent: _Parent, replies: IO[str]) -> None:
        from core.runs.answers import Answerer

        self._answerer, self._parent, self._replies = Answerer(backend), parent, replies

    def give(self) -> None:
        while self._parent.questions:
            request = self._parent.questions.popleft()
            _say(self._replies, {"say": "answer", "file": request["file"]} | self._answer(request))

    def _answer(self, request: dict[str, Any]) -> Reply:
        """Writes the answer into the question's file; returns the names of its arrays, or why there is no answer."""
        from core.data.dataset import DataError
        from core.explain.questions import QUESTION, QuestionError
        from core.runs.folder import RunError
        from core.runs.trainer import EXPECTED, describe_error

        try:
            file, question = Path(request["file"]), QUESTION.validate_python(request["question"])
            changes = Changes.model_validate(request["changes"])
            run = Run(Path(request["run"]))
            answer = self._answerer.answer(run, question, files.load(file), request["step"], changes)
            files.save(file, answer)
        except (*EXPECTED, DataError, QuestionError, RunError) as error:
            return {"error": str(error)}
        except Exception as error:
            return {"error": describe_error(error, "the answer")}
        return {"error": "", "names": list(answer)}


def _train(run: Run, backend: Backend, name: str, device: str, parent: _Parent, answers: _Answers) -> str:
    from core.runs.trainer import record

    cores = _Cores()

    def leave() -> str:
        cores.limit(parent.threads)
        answers.give()
        if parent.closing.is_set():
            return "the dashboard was closed"
        if parent.gone.is_set() and run.asked() == "pause":
            return "the dashboard was closed while the run was paused"
        return ""

    with open(run.log_path, "ab") as log:
        before = os.dup(2)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            return record(run, backend, name, device, leave)
        finally:
            os.dup2(before, 1)
            os.dup2(before, 2)
            os.close(before)


class _Cores:
    """Limits the threads of native libraries (BLAS, OpenMP): if three frameworks each use every core, they spend more
    time waiting for one another than computing."""

    def __init__(self) -> None:
        self._count: int | None = None

    def limit(self, count: int | None) -> None:
        from threadpoolctl import threadpool_limits

        if count is not None and count != self._count:
            self._count = count
            threadpool_limits(count)


def _fetch(data: str) -> None:
    """Read a data set into memory before a run needs it. If that fails, the run will report the problem."""
    from core.data import catalogue
    from core.data.dataset import DataError

    with contextlib.suppress(DataError):
        catalogue.load(data)


def _first_step(backend: Backend) -> None:
    """One optimizer step on a tiny network, so that late imports do not slow down the first real step."""
    import numpy as np

    from core.network.initial_weights import initial_weights
    from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
    from core.network.network import Network
    from core.recipe.optimizers import Adam
    from core.recipe.training import TrainingRecipe

    layers = [Conv2D(filters=2, kernel_size=3), Activation(function="relu"), Pool(), Flatten(), Dense(units=2)]
    network = Network(input_shape=(1, 6, 6), layers=layers)
    model = backend.build(network, initial_weights(network, 1), TrainingRecipe(optimizer=Adam()))
    model.load(np.zeros((2, 1, 6, 6), np.float32), np.array([0, 1]))
    model.steps(np.array([[0, 1]]), np.array([0.1]), {})
    model.predict(np.zeros((2, 1, 6, 6), np.float32))


def _say(replies: IO[str], reply: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the parent is gone: next_request will return None
        replies.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
