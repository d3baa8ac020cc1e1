"""The command line in a separate process, as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path


ROOT = Path(__file__).parents[2]


def environment(tmp_path):
    return {**os.environ, "CONVSCOPE_RUNS": str(tmp_path / "runs"), "PYTHONPATH": str(ROOT)}


def command(tmp_path, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "backends", *map(str, arguments)],
        capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path),
    )  # fmt: skip
    return done


def refused(tmp_path, *arguments):
    """The error message of a command that must exit with code 2 and one line on stderr."""
    done = command(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr
