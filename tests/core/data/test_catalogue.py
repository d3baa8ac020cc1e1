"""The catalogue and its downloads, against a small server on this machine."""

import gzip
import hashlib
import os
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from core.data import catalogue
from core.data.dataset import DataError
from core.data.dataset_info import DataFile
from core.data.formats.downloads import fetch
from core.data.sources import mnist
from tests.support.mnist_files import FILES, LABELS, idx


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def put_mnist(folder: Path) -> None:
    (folder / "mnist").mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / "mnist" / name).write_bytes(content)


def test_every_set_is_described_without_being_there(folder):
    files = ["mnist", "mnist-16x16", "svhn", "fer2013", "cifar10", "usps", "kaggle-digits"]
    drawn = [
        "street-digits",
        "faces",
        "city-landscape",
        "points-blobs",
        "points-moons",
        "points-rings",
        "points-spiral",
    ]
    assert set(catalogue.names()) == {"digits", "digits-16x16", "digits-32x32-rgb", "screening", *files, *drawn}
    for name in catalogue.names():
        entry = catalogue.describe(name)
        assert entry.name == name
        assert entry.label
        assert entry.summary.endswith(".")
        assert entry.source.endswith(".")
        assert len(entry.shape) == 3
        assert len(set(entry.class_names)) == len(entry.class_names) > 1
        assert all(name.split("/")[0] in catalogue.names() for name in entry.files)
    assert [name for name in catalogue.names() if catalogue.describe(name).downloadable] == [
        "mnist",
        "mnist-16x16",
        "svhn",
    ]


def test_an_unknown_name_gets_the_known_ones_and_the_closest():
    for ask in (catalogue.describe, catalogue.missing, catalogue.load, catalogue.download):
        with pytest.raises(DataError, match=r"called 'minst'. Choose one of digits, .*fer2013.* Did you mean 'mnist'?"):
            ask("minst")


def test_what_is_missing_is_said_with_where_from_and_where_to(folder):
    sentence = catalogue.missing("mnist")
    assert "train-images-idx3-ubyte.gz" in sentence
    assert "can download 12 MB" in sentence
    assert "https://" in sentence
    assert str(folder / "mnist") in sentence
    sentence = catalogue.missing("fer2013")
    assert "kaggle.com" in sentence
    assert "login" in sentence
    assert str(folder / "fer2013") in sentence
    for ask in (catalogue.load, catalogue.download):
        with pytest.raises(DataError, match="login"):
            ask("fer2013")


def test_only_the_missing_files_are_named(folder):
    put_mnist(folder)
    (folder / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "t10k-labels" in catalogue.missing("mnist")
    assert "images" not in catalogue.missing("mnist").split("ConvScope")[0]
    (folder / "mnist" / "t10k-labels-idx1-ubyte").write_bytes(idx(LABELS[:2]))
    assert catalogue.missing("mnist") is None
    assert len(catalogue.load("mnist").labels) == 5


def test_a_set_is_loaded_once_until_its_file_changes(folder):
    put_mnist(folder)
    first = catalogue.load("mnist")
    assert catalogue.load("mnist") is first
    path = folder / "mnist" / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx([1, 1, 1])))
    os.utime(path, ns=(1, 1))
    assert catalogue.load("mnist").labels[:3].tolist() == [1, 1, 1]
    assert first.labels[:3].tolist() == [7, 0, 9]


def test_a_failed_load_is_not_remembered(folder):
    put_mnist(folder)
    path = folder / "mnist" / "train-labels-idx1-ubyte.gz"
    path.write_bytes(b"not this")
    for _ in range(2):
        with pytest.raises(DataError, match="train-labels"):
            catalogue.load("mnist")
    path.write_bytes(FILES[path.name])
    assert len(catalogue.load("mnist").labels) == 5


def test_another_folder_is_another_data_set(folder, monkeypatch):
    put_mnist(folder)
    assert len(catalogue.load("mnist").labels) == 5
    monkeypatch.setenv("CONVSCOPE_DATA", str(folder / "elsewhere"))
    with pytest.raises(DataError, match="elsewhere"):
        catalogue.load("mnist")


def test_without_convscope_data_the_folder_is_in_the_users_cache(monkeypatch):
    monkeypatch.delenv("CONVSCOPE_DATA")
    assert catalogue.data_folder().parts[-2:] == ("convscope", "data")
    monkeypatch.setenv("CONVSCOPE_DATA", "~/images")
    assert catalogue.data_folder() == Path.home() / "images"


@pytest.fixture(autouse=True)
def _the_callers_folder_is_no_concern_here(monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", "there-is-no-such-folder")


def test_the_catalogue_imports_no_framework_no_page_and_no_scikit_learn():
    program = "import sys, core.data.catalogue, core.data.recipe; print(*{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    ).stdout.split()
    assert not {"streamlit", "torch", "tensorflow", "keras", "sklearn", "scipy", "requests", "backends", "pages"} & set(
        result
    )


# --- downloads


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The address of a folder with the fixture files, served on this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    served = tmp_path / "served"
    served.mkdir()
    for name, content in FILES.items():
        (served / name).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=served)) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()
        thread.join()


NOBODY = "http://127.0.0.1:9/"
"""The discard port: refused at once."""


def wanted(*mirrors: str, **changed) -> list[DataFile]:
    return [
        replace(
            DataFile(
                path=f"mnist/{name}",
                md5=hashlib.md5(content).hexdigest(),
                size=len(content),
                addresses=tuple(mirror + name for mirror in mirrors),
            ),
            **changed,
        )
        for name, content in FILES.items()
    ]


def test_a_download_arrives_whole_and_tells_how_far_it_is(server, tmp_path):
    seen = []
    fetch(wanted(server), tmp_path, lambda done, total: seen.append((done, total)))
    assert {path.name: path.read_bytes() for path in (tmp_path / "mnist").iterdir()} == FILES
    total = sum(map(len, FILES.values()))
    assert seen[0] == (0, total)
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_the_catalogue_downloads_what_is_missing_and_can_then_load_it(server, folder, monkeypatch):
    entry = replace(mnist.ENTRY, wanted=tuple(wanted(server)))
    monkeypatch.setitem(catalogue.SOURCES, "mnist", (entry, mnist.read))
    (folder / "mnist").mkdir(parents=True)
    own = gzip.compress(idx([1, 2, 3]))
    (folder / "mnist" / "train-labels-idx1-ubyte.gz").write_bytes(own)
    catalogue.download("mnist", lambda done, total: None)
    assert (folder / "mnist" / "train-labels-idx1-ubyte.gz").read_bytes() == own
    assert catalogue.load("mnist").labels.tolist() == [1, 2, 3, 7, 0]
    catalogue.download("mnist")
    catalogue.download("digits")


def test_on_the_command_line_there_is_a_bar(server, tmp_path, capsys):
    fetch(wanted(server), tmp_path)
    assert "downloading: 100%" in capsys.readouterr().err


def test_when_one_mirror_fails_the_next_is_asked(server, tmp_path):
    fetch(wanted(NOBODY, server + "nothing/", server), tmp_path, lambda done, total: None)
    assert len(list((tmp_path / "mnist").iterdir())) == 4


@pytest.mark.parametrize(
    "changed, words",
    [({"md5": "0" * 32}, "wrong checksum"), ({"addresses": ()}, "no address is known")],
)
def test_a_wrong_file_is_not_kept(server, tmp_path, changed, words):
    with pytest.raises(DataError, match=words) as raised:
        fetch(wanted(server, **changed), tmp_path, lambda done, total: None)
    assert "train-images-idx3-ubyte.gz could not be downloaded" in str(raised.value)
    assert not list((tmp_path).glob("mnist/*"))


def test_a_file_the_server_lacks_and_a_server_that_is_not_there_are_told_apart(server, tmp_path):
    with pytest.raises(DataError, match="the server answered 404"):
        fetch(wanted(server + "nothing/"), tmp_path, lambda done, total: None)
    with pytest.raises(DataError, match=r"is this computer online?"):
        fetch(wanted(NOBODY), tmp_path, lambda done, total: None)


def test_a_folder_that_cannot_be_made_is_an_error_in_words(server, tmp_path):
    (tmp_path / "mnist").write_text("a file where a folder should be")
    with pytest.raises(DataError, match="could not be downloaded"):
        fetch(wanted(server), tmp_path, lambda done, total: None)


def test_arrays_shared_by_all_cannot_be_changed_by_one(folder):
    put_mnist(folder)
    with pytest.raises(ValueError, match="read-only"):
        np.add(catalogue.load("mnist").images, 1, out=catalogue.load("mnist").images)
