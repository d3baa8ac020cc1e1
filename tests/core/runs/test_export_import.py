"""Runs that travel: zip, CSV, TensorBoard, and an experiment in a link; what comes back is checked first."""

import csv
import io
import json
import re
import stat
import zipfile
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import HealthCheck, given, settings, strategies as some

from core.experiment import links, presets
from core.experiment.experiment import ExperimentError
from core.runs import archive_import, export, notes, trash
from core.runs.archive_import import unpack
from core.runs.events import EventWriter
from core.runs.folder import RunError, all_runs, create, find
from core.runs.notes import Notes
from core.runs.tensorboard import _masked, _varint
from tests.support.apps import ended_run
from tests.support.small import small_experiment


@pytest.fixture
def run(tmp_path):
    made = ended_run("reference", [2.5, 1.5], small_experiment(), tmp_path / "here")
    (made.path / "state").mkdir()
    (made.path / "state" / "step-00000002.safetensors").write_bytes(b"weights")
    notes.write(made.path, Notes("mine"))
    return made


@pytest.fixture
def there(tmp_path):
    return tmp_path / "there"


def zipped(files: dict[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def files_of(run) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(export.archive([run]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(content: bytes, there) -> str:
    """The sentence; and nothing has been written."""
    with pytest.raises(RunError) as error:
        unpack(content, there)
    assert not there.exists() or list(there.iterdir()) == []
    return str(error.value)


# --- there and back


def test_a_run_comes_out_of_a_zip_as_it_went_in(run, there):
    assert unpack(export.archive([run]), there) == [run.id]
    again = find(run.id, there)
    assert again.experiment == run.experiment
    assert again.about == run.about
    assert again.events() == run.events()
    assert again.status() == run.status()
    assert notes.read(again.path) == Notes("mine")
    assert (again.state_path / "step-00000002.safetensors").read_bytes() == b"weights"


def test_several_runs_share_a_zip(run, there):
    other = ended_run("pytorch", [2.0], small_experiment(), run.path.parent)
    assert sorted(unpack(export.archive([run, other]), there)) == sorted([run.id, other.id])
    assert len(all_runs(there)) == 2


def test_which_process_had_the_run_stays_at_home(run):
    run.claim("host")
    run.ask("stop")
    (run.path / "x.123.part").write_text("half")
    assert {name.split("/")[-1] for name in files_of(run)} == {
        "run.json",
        "experiment.json",
        "events.jsonl",
        "notes.json",
        "step-00000002.safetensors",
    }


def test_a_run_exported_while_it_ran_is_stopped_where_it_arrives(tmp_path, there):
    running = create(small_experiment(), "reference", folder=tmp_path / "here")
    with EventWriter(running.events_path) as events:
        events.write("started", step=0, total_steps=9, steps_per_epoch=9, backend="reference")
        events.write("steps", step=1, losses=[2.0], seconds=1.0)
    unpack(export.archive([running]), there)
    status = find(running.id, there).status()
    assert (status.state, status.step) == ("stopped", 1)
    assert "still running when it was exported" in status.reason


# --- what is refused


def test_nothing_is_overwritten(run, there):
    unpack(export.archive([run]), there)
    notes.write(there / run.id, Notes("changed here"))
    with pytest.raises(RunError, match="already exists here; nothing was overwritten"):
        unpack(export.archive([run]), there)
    assert notes.read(there / run.id) == Notes("changed here")
    trash.delete(find(run.id, there))
    with pytest.raises(RunError, match="is in the trash"):
        unpack(export.archive([run]), there)


@pytest.mark.parametrize(
    "name", ["../evil/run.json", "a/../../run.json", "/etc/run.json", "C:/run.json", "a\\..\\run.json"]
)
def test_a_path_that_leads_outside_is_refused(name, run, there):
    assert "wants to write outside its folder" in refused(zipped({**files_of(run), name: "{}"}), there)


def test_a_link_is_refused(run, there):
    packed = io.BytesIO(export.archive([run]))
    with zipfile.ZipFile(packed, "a") as archive:
        link = zipfile.ZipInfo(f"{run.id}/log.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "contains a link to another file" in refused(packed.getvalue(), there)


def test_a_bomb_is_refused_before_it_is_unpacked(run, there, monkeypatch):
    monkeypatch.setattr(archive_import, "MOST_BYTES", 1_000_000)
    sentence = refused(zipped({"r/log.txt": b"0" * 2_000_000}), there)
    assert "would unpack to 1 files and 2,000,000 bytes; at most" in sentence
    monkeypatch.setattr(archive_import, "MOST_FILES", 5)
    sentence = refused(zipped({f"r/{number}": b"" for number in range(6)}), there)
    assert "would unpack to 6 files and 0 bytes; at most 5 files" in sentence


def test_a_small_file_that_is_huge_is_refused(run, there):
    files = files_of(run) | {f"{run.id}/run.json": b" " * 1_000_001}
    assert "run.json is larger than 1,000,000 bytes" in refused(zipped(files), there)


@pytest.mark.parametrize("name", ["run.json", "experiment.json", "events.jsonl"])
def test_a_missing_file_is_named(name, run, there):
    files = {path: content for path, content in files_of(run).items() if not path.endswith(name)}
    assert f"its {name} is missing" in refused(zipped(files), there)


@pytest.mark.parametrize("content", [b"", b"hello"])
def test_what_is_no_zip_is_said(content, there):
    assert refused(content, there).startswith("this is not a zip that can be read")


@pytest.mark.parametrize("content", [zipped({}), zipped({"readme.txt": "hello"}), zipped({"run.json": "{}"})])
def test_a_zip_that_holds_no_run_says_what_a_run_is(content, there):
    assert refused(content, there).startswith("there is no run in this zip: a run is a folder with run.json")


def test_files_that_belong_to_no_run_stay_in_the_zip(run, there):
    more = {f"{run.id}/evil.py": "import os", "__MACOSX/x": "", f"{run.id}/.DS_Store": "", f"{run.id}/owner.json": "{}"}
    unpack(zipped({**files_of(run), **more}), there)
    assert not {"evil.py", ".DS_Store", "owner.json"} & {path.name for path in (there / run.id).iterdir()}
    assert [path.name for path in there.iterdir()] == [run.id]


@pytest.mark.parametrize(
    "name, content",
    [
        ("run.json", "[]"),
        ("run.json", '{"backend": "../x", "device": "cpu", "created": "2026-01-01", "group": "g"}'),
        ("run.json", '{"backend": "pytorch", "device": "cpu", "created": "soon", "group": "g"}'),
        ("run.json", "[" * 100_000),
        ("experiment.json", "{}"),
        ("events.jsonl", '{"event":"steps","step":1000000000000,"losses":[1],"seconds":1}'),
        (
            "events.jsonl",
            '{"event":"started","total_steps":5,"steps_per_epoch":0,"backend":"x"}\n'
            '{"event":"steps","step":1,"losses":[1],"seconds":1}',
        ),
        ("events.jsonl", '{"event":"finished","reason":5}'),
        ("events.jsonl", '{"event":"finished","result":{"test":{"accuracy":"high"}}}'),
        ("events.jsonl", '{"event":"epoch","epoch":1,"step":1,"seconds":1,"validation":{"accuracy":NaN}}'),
    ],
)  # fmt: skip
def test_a_run_that_no_page_could_show_is_refused(name, content, run, there):
    sentence = refused(zipped({**files_of(run), f"{run.id}/{name}": content + "\n"}), there)
    assert run.id in sentence
    assert "cannot be read" in sentence


REFUSALS = (
    "this is not a zip that can be read: |there is no run in this zip: |the zip wants to write outside its folder "
    r"|the zip contains a link to another file |\S+ is not a complete run: its \S+ is missing|\S+ is larger than "
    r"|the zip would unpack to |run \S+ cannot be read: "
)
"""How the sentence begins of each reason there can be."""


@given(data=some.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_a_zip_is_cut_or_changed_it_is_a_run_or_a_sentence(data, run, tmp_path_factory):
    content = bytearray(export.archive([run]))
    for _ in range(data.draw(some.integers(0, 3))):
        content[data.draw(some.integers(0, len(content) - 1))] = data.draw(some.integers(0, 255))
    content = content[: data.draw(some.integers(0, len(content)) | some.just(len(content)))]
    folder = tmp_path_factory.mktemp("any")
    try:
        result = unpack(bytes(content), folder / "runs")
    except RunError as error:
        assert re.match(REFUSALS, str(error))
        assert list((folder / "runs").iterdir()) == []
    else:
        (arrived,) = all_runs(folder / "runs")
        assert result == [arrived.id]
        assert arrived.experiment == run.experiment
        assert arrived.status() == run.status()
    assert [path.name for path in folder.iterdir()] == ["runs"]


# --- tables


def test_every_step_is_a_line_of_csv_with_all_its_digits(run):
    rows = list(csv.DictReader(io.StringIO(export.steps_csv([run]))))
    assert [(row["run"], row["seed"], row["step"], float(row["loss"])) for row in rows] == [
        (run.id, "1", "1", 2.5),
        (run.id, "1", "2", 1.5),
    ]


def test_every_epoch_is_a_line_of_csv(run):
    (row,) = csv.DictReader(io.StringIO(export.epochs_csv([run])))
    assert (row["epoch"], row["training_loss"], row["validation_accuracy"]) == ("1", "2.0", "0.75")


# --- TensorBoard


def test_tfrecords_are_length_checksum_content_checksum():
    assert [_varint(number) for number in (0, 127, 128, 300)] == [b"\0", b"\x7f", b"\x80\x01", b"\xac\x02"]
    crc = 0xE3069283  # CRC-32C of "123456789", RFC 3720 and every catalogue of checksums
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    assert _masked(b"123456789") == masked.to_bytes(4, "little")


def test_tensorflow_reads_every_scalar_of_an_event_file(run, tmp_path):
    tf = pytest.importorskip("tensorflow")
    with zipfile.ZipFile(io.BytesIO(export.tensorboard([run]))) as archive:
        (name,) = archive.namelist()
        archive.extractall(tmp_path / "board")
    events = list(tf.compat.v1.train.summary_iterator(str(tmp_path / "board" / name)))
    assert events[0].file_version == "brain.Event:2"
    results = [(event.step, value.tag, value.simple_value) for event in events for value in event.summary.value]
    assert results == [
        (1, "loss", 2.5),
        (2, "loss", 1.5),
        (2, "validation/loss", 1.0),
        (2, "validation/accuracy", 0.75),
    ]


# --- links


@pytest.mark.parametrize("name", presets.names())
def test_an_experiment_comes_out_of_its_link_as_it_went_in(name):
    experiment = presets.experiment(name, "digits")
    word = links.to_word(experiment)
    assert links.from_word(word) == experiment
    assert word.replace("-", "").replace("_", "").isalnum()
    assert len(word) < 2000


@given(data=some.data())
@settings(max_examples=200, deadline=None)
def test_a_link_that_is_cut_or_mistyped_is_refused_in_a_sentence_and_never_another_experiment(data):
    word = links.to_word(small_experiment())
    position = data.draw(some.integers(0, len(word)))
    changed = word[:position] + data.draw(some.text(max_size=3)) + word[position + data.draw(some.integers(0, 5)) :]
    try:
        assert links.from_word(changed) == small_experiment()
    except ExperimentError as error:
        assert changed != word
        assert re.match("the link is (damaged|cut off): ", str(error))


def test_a_link_that_unfolds_without_end_is_not_unfolded():
    bomb = urlsafe_b64encode(zlib.compress(b" " * 50_000_000)).decode()
    with pytest.raises(ExperimentError, match="more than 1,000,000 bytes"):
        links.from_word(bomb)


def test_half_a_link_says_that_its_end_is_missing():
    word = links.to_word(small_experiment())
    with pytest.raises(ExperimentError, match=r"cut off|damaged"):
        links.from_word(word[: len(word) // 2])


def test_a_link_to_something_else_says_what_is_missing():
    word = urlsafe_b64encode(zlib.compress(json.dumps({"seed": -1}).encode())).decode()
    with pytest.raises(ExperimentError, match="not an experiment"):
        links.from_word(word)
