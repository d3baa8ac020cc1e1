"""A real Chromium on a fresh server of the dashboard: starting both, waiting until a page is idle, checking it."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError as NeverSeen, sync_playwright


ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
NOT_OURS = ("/_stcore/health", "/_stcore/host-config")
"""On a deep link Streamlit looks for its own server below the path first, and its 404 is logged."""

REPLACED = re.compile(r"/media/\w+\.(csv|json)$|Download Button source error")
"""Streamlit asks for the file of each download button when it is drawn; a newer display may have replaced the file."""

STREAMLITS_OWN = {
    "list": "sections of its navigation",
    "listitem": "sections of its navigation",
    "empty-table-header": "its tables with row numbers",
    "presentation-role-conflict": "its upload area",
}
"""Rules that Streamlit's own elements break; everything else is ours."""

SCHEMES = ["light", pytest.param("dark", marks=pytest.mark.slow)]

RUNS = ".js-plotly-plot:not([class*='st-key-rates'] *)"
"""The charts of runs: every one but the rates to come."""

UNFOLD_AT_ONCE = """
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (frames, options) {
    return animate.call(this, frames, { ...options, duration: 0 });
  };
"""
"""Streamlit animates expanders, and a click can miss an element that is still moving."""

COUNT_THE_UNANSWERED = """
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!this.heard) this.addEventListener('message', () => { window.__unanswered = false; });
    this.heard = window.__unanswered = true;
    return send.call(this, data);
  };
"""
"""The server answers each message of a page. Until it has, the page is not idle, even if it looks idle."""

IDLE = """(settle) => {
  const app = document.querySelector("[data-testid='stApp']");
  const idle = app && !window.__unanswered && app.dataset.testConnectionState === 'CONNECTED'
    && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector("[data-testid='stSkeleton'], [data-testid='stAppSkeleton'], [data-stale='true']");
  if (!idle) { window.__idle_since = null; return false; }
  window.__idle_since ??= performance.now();
  return performance.now() - window.__idle_since >= settle;
}"""


def needs_chromium() -> None:
    if CHROMIUM is None:
        reason = "there is no Chromium on this machine"
        if os.environ.get("CONVSCOPE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason}, but CONVSCOPE_REQUIRE_BROWSER=1")
        pytest.skip(reason)


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def server(runs: Path, script: str = "serve.py", **environment):
    """A separate server on a free port, with an empty (or the given) folder of runs. Yields its address."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.address",
        "127.0.0.1",
        "--server.headless",
        "true",
    ]
    with running(command, port, ROOT, runs, **environment) as address:
        yield address


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], port: int, folder: Path, runs: Path, **environment):
    """The server that a command starts in a folder. Yields its address once it answers, and stops it at the end."""
    log = (runs.parent / f"server-{port}.txt").open("w+")
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={**os.environ, "CONVSCOPE_RUNS": str(runs), **environment},
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/_stcore/health", process, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait_for(address: str, process: subprocess.Popen, log) -> None:
    """Poll until the server answers; there is no other sign that it listens."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            if urllib.request.urlopen(address, timeout=1).read() == b"ok":
                return
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        log.seek(0)
        raise RuntimeError(f"the server ended: {log.read()[-2000:]}")
    raise RuntimeError(f"no server at {address} after 60 seconds")


def open_page(browser: Browser, address: str, sent: list | None = None, **context) -> Page:
    """An idle page in a new session. `page.errors` collects the errors of the console and of scripts, `page.outside`
    every request to another host, and `sent` what goes to the server. Pages share the browser's cache."""
    page = _context(browser, {"viewport": {"width": 1280, "height": 900}, **context}).new_page()
    page.errors, page.outside = [], []
    page.on("console", lambda message: _note(page, message))
    page.on("pageerror", lambda error: page.errors.append(f"script error: {error}"))
    page.on("request", lambda request: _is_outside(request.url) and page.outside.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda f: sent is not None and sent.append(f)))
    page.goto("/".join([*address.split("/")[:3], "_stcore/health"]))
    page.evaluate("localStorage.clear()")
    page.goto(address, wait_until="domcontentloaded")
    wait_idle(page)
    return page


def _context(browser: Browser, wanted: dict):
    """The browser context for such a screen, created on first use."""
    kept = vars(browser).setdefault("kept", {})
    key = repr(sorted(wanted.items()))
    if key not in kept:
        kept[key] = browser.new_context(**wanted)
        kept[key].add_init_script(COUNT_THE_UNANSWERED + UNFOLD_AT_ONCE)
    return kept[key]


def close_pages(browser: Browser) -> None:
    for context in browser.contexts:
        for page in context.pages:
            page.close()


def _note(page: Page, message) -> None:
    url = message.location.get("url", "")
    if message.type == "error" and not url.endswith(NOT_OURS) and not REPLACED.search(f"{message.text} {url}"):
        page.errors.append(f"{message.text} ({url})")


def _is_outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def wait_idle(page: Page, timeout: float = 90_000, settle: int = 80) -> None:
    """Wait until the script has run and nothing on the page is stale; `settle` (ms) covers the gap between click and
    rerun."""
    page.evaluate("window.__idle_since = null")
    page.wait_for_function(IDLE, arg=settle, timeout=timeout, polling=25)


def fits(page: Page, width: int, timeout: float = 5_000) -> bool:
    """Whether nothing overflows sideways, after the charts had time to resize."""
    page.set_viewport_size({"width": width, "height": 800})
    wait_idle(page)
    try:
        page.wait_for_function(
            "width => document.querySelector('[data-testid=stMain]').scrollWidth <= width", arg=width, timeout=timeout
        )
    except NeverSeen:
        return False
    return True


def complaints(page: Page, narrow: int = 400) -> list[str]:
    """Problems of a page: violated accessibility rules, text that overflows a narrow screen, errors in the console.
    Leaves the page narrow."""
    broken = [
        f"{violation['id']}: {node['html'][:150]} {node['target']}"
        for violation in Axe().run(page).response["violations"]
        if violation["id"] not in STREAMLITS_OWN
        for node in violation["nodes"]
    ]
    if not fits(page, narrow):
        broken.append(f"wider than {narrow} pixels")
    return broken + page.errors


def points(page: Page, chart: int = 0) -> list[int]:
    """How many points each curve of a chart shows; of the losses, those of the training."""
    return page.evaluate(
        """([plots, n]) => { const plot = document.querySelectorAll(plots)[n];
        const ofRuns = (_, k) => plot._fullData[k].name !== 'validation';
        return [...plot?.calcdata ?? []].filter(ofRuns).map(c => c.length); }""",
        [RUNS, chart],
    )


def wait_for_words(page, words: str, timeout: float = 60_000) -> None:
    page.wait_for_function("words => document.body.innerText.includes(words)", arg=words, timeout=timeout)
