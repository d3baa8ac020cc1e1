"""A third party runs the contract suite on its own backend, which is found through its entry point."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[3]
PACKAGE = """
LABEL, REQUIRES, COLOR, DASH = "Theirs", "numpy", "#123456", "solid"
"""
MODEL = """
from backends.reference.model import ReferenceBackend

class Theirs(ReferenceBackend):
    def build(self, network, weights, training, device="cpu"):
        weights = {name: TURN(w) if w.ndim == 4 else w for name, w in weights.items()}
        return super().build(network, weights, training, device)

BACKEND = Theirs()
"""
SOUND, FLIPPED = "lambda w: w", "lambda w: w[:, :, ::-1, ::-1]"


@pytest.fixture
def suite(tmp_path):
    """Runs the suite on a package outside this repository -> (exit code, output of pytest)."""

    def run(turn: str) -> tuple[int, str]:
        about, package = tmp_path / "theirs-1.0.dist-info", tmp_path / "theirs"
        about.mkdir()
        package.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text("[convscope.backends]\ntheirs = theirs\n")
        (package / "__init__.py").write_text(PACKAGE)
        (package / "model.py").write_text(MODEL.replace("TURN", f"({turn})"))
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        paths = os.pathsep.join([str(tmp_path), str(ROOT)])
        options = ["-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "--pyargs", "backends.contract"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, "-k", "theirs and test_by_hand"],
            capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_sound_backend_passes(suite):
    ended, printed = suite(SOUND)
    assert ended == 0 and re.search(r"[1-9]\d+ passed", printed), printed


def test_a_backend_that_flips_its_kernels_fails(suite):
    ended, printed = suite(FLIPPED)
    assert ended == 1 and "test_a_kernel_is_not_flipped[theirs]" in printed, printed
