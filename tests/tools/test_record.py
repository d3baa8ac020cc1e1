"""`python -m tools.record`: its names, the files that it writes, and a recording that it makes."""

import json
import re

import pytest

from core.recordings.recording import FOLDER
from tools.record import contents, writer
from tools.record.__main__ import main
from tools.record.contents import CONTENTS, PLACES, Entry


OF_A_RUN = {"experiment.json", "run.json"}
"""Files of a shipped network's run folder, beside its card."""
RECORDED = sorted(path for path in FOLDER.rglob("*.json") if path.name not in OF_A_RUN)


def test_every_recorded_file_has_a_name_and_every_name_its_file():
    assert RECORDED
    assert sorted(map(contents.path, CONTENTS)) == RECORDED


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_says_the_command_that_makes_it(name):
    result = CONTENTS[name].kind.model_validate_json(contents.path(name).read_text(encoding="utf-8"))
    assert result.command == writer.command(name) == f"python -m tools.record {name}"


def test_without_a_name_the_command_lists_them_all(capsys):
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(CONTENTS)
    assert all(line.endswith((".", "?")) and len(line.split()) > 4 for line in lines)


def test_a_name_that_is_not_there_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["homework"])
    assert "'homework'" in capsys.readouterr().err


def test_missing_data_are_one_sentence(own_data_folder, capsys):
    assert main(["pixels"]) == 2
    assert "MNIST" in capsys.readouterr().err


def test_a_recipe_is_trained_and_written(tmp_path, monkeypatch, capsys):
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(
        'preset = "small-keras-cnn"\ndata = "digits-16x16"\nbackend = "reference"\n[changes]\n"data.train" = 100\n'
        '"data.test" = 50\n"training.epochs" = 2\n'
    )
    kind = contents.Recorded
    monkeypatch.setitem(CONTENTS, "tiny", Entry(kind, "Tiny.", lambda: contents.runs.run(recipe)))
    monkeypatch.setitem(PLACES, kind, tmp_path)
    assert main(["tiny"]) == 0
    assert "tiny.json" in capsys.readouterr().out
    result = kind.model_validate_json((tmp_path / "tiny.json").read_text())
    assert result.name == "tiny"
    assert result.backend == "NumPy reference"
    assert result.command.endswith("tools.record tiny")
    assert len(result.epochs) == 2
    assert set(result.results) >= {"train", "test"}
    assert result.steps[-1] == len(result.losses)
    assert json.loads((tmp_path / "tiny.json").read_text())["experiment"]["data"]["train"] == 100


@pytest.mark.parametrize("folder, others", [("benchmarks", "tests|tools"), ("tools/record", "tests|benchmarks")])
def test_benchmarks_and_recordings_import_neither_each_other_nor_tests(folder, others):
    files = sorted((FOLDER.parents[1] / folder).glob("*.py"))
    imported = re.compile(rf"^\s*(from|import) ({others})\b", re.MULTILINE)
    assert files
    assert [path.name for path in files if imported.search(path.read_text(encoding="utf-8"))] == []
