"""Data in a real browser: images of one's own are uploaded and trained on; bad uploads give sentences."""

import io

import numpy as np
import pytest
from PIL import Image

from core.runs import folder
from tests.support.bad_tables import BAD_TABLES
from tests.support.bad_zips import REFUSED
from tests.support.browser import SCHEMES, complaints, fits, open_page, server, wait_for_words, wait_idle
from tests.support.train_page import train
from tests.support.uploads import packed_files


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(one_browser, tmp_path_factory):
    """(address, folder of runs) of a server with an empty data folder."""
    root = tmp_path_factory.mktemp("data-page")
    with server(root / "runs", CONVSCOPE_DATA=str(root / "data")) as address:
        yield address, root / "runs"


def stripes(across: bool, rng) -> bytes:
    """A 28x28 image with bright stripes across or down, and some noise."""
    values = rng.normal(60, 25, (28, 28))
    values[rng.integers(0, 4) :: 4] += 150
    values = values if across else values.T
    file = io.BytesIO()
    Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def zip_of_stripes() -> bytes:
    rng = np.random.default_rng(1)
    return packed_files(
        {
            **{
                f"stripes/{name}/{k}.png": stripes(name == "across", rng)
                for name in ("across", "down")
                for k in range(120)
            },
            "stripes/across/broken.png": b"no image at all",
            "__MACOSX/stripes/._x": b"\0",
        }
    )


def give(page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_text(name, exact=True).wait_for()
    wait_idle(page)


@pytest.mark.slow
def test_a_zip_of_images_is_uploaded_and_trained_on(browser, made):
    address, runs = made
    page = open_page(browser, f"{address}/data")
    page.get_by_text("Your own images").click()
    give(page, "stripes.zip", zip_of_stripes())
    wait_for_words(page, "240 images, 28 × 28 px, grey, of 2 classes: 200 training, 0 validation, 40 test.")
    page.get_by_role("button", name="Create data set").click()
    wait_idle(page)
    wait_for_words(page, "Created and selected the data set stripes")
    wait_for_words(page, "stripes/across/broken.png")
    assert page.errors == []
    assert page.outside == []
    page.get_by_role("link", name="Train").click()
    wait_idle(page)
    train(page, ("NumPy reference",), 3)
    wait_for_words(page, "Final results", timeout=120_000)
    (run,) = folder.all_runs(runs)
    status = run.status()
    assert status.state == "finished" and run.experiment.data.name.startswith("own-stripes-"), status.reason
    assert status.result["test"]["accuracy"] > 0.9, "stripes across and down are told apart"
    again = open_page(browser, f"{address}/data")
    again.get_by_role("combobox", name="Data").click()
    assert again.get_by_role("option", name="stripes (own)").count() == 1, "another visitor finds it, too"


@pytest.mark.slow
def test_bad_uploads_give_a_sentence_each(browser, made):
    page = open_page(browser, f"{made[0]}/data")
    page.get_by_text("Your own images").click()
    bad = {f"{number}.zip": content for number, content in enumerate(REFUSED.values()) if content[0]}
    bad |= {f"{number}.csv": content for number, content in enumerate(list(BAD_TABLES.values())[:3])}
    said = set()
    for name, (content, words) in bad.items():
        give(page, name, content)
        alert = page.get_by_role("alert")
        alert.wait_for()
        said.add(alert.inner_text())
        assert any(word.replace("\\", "") in alert.inner_text() for word in words.split("|")), name
        assert "Traceback" not in alert.inner_text()
        page.get_by_role("button", name=f"Remove {name}").click()
        wait_idle(page)
    assert len(bad) >= 10
    assert len(said) >= 10
    assert page.errors == []


NAMES = ("$5 to $10", "**bold** _it_", ":red[hot] :smile:", "<b>tag", "[link](#x)", "=1+1", "a" * 90)


@pytest.mark.slow
def test_names_from_strangers_are_text_on_the_page(browser, made):
    rng = np.random.default_rng(2)
    files = {f"{name}/{k}.png": stripes(k % 2 == 0, rng) for name in NAMES for k in range(12)}
    page = open_page(browser, f"{made[0]}/data")
    page.get_by_text("Your own images").click()
    give(page, "$a$ & *b*.ZIP", packed_files(files))
    page.get_by_role("button", name="Create data set").click()
    wait_idle(page)
    wait_for_words(page, "Created and selected the data set $a$ & *b*.")
    caption = page.get_by_text("From left to right:")
    assert "\\" not in caption.inner_text()
    assert caption.locator(".katex, strong, em").count() == 0
    page.get_by_text("Look through all images").click()
    wait_idle(page)
    shown = page.locator("figcaption").all_inner_texts()
    assert {"=1+1", "<b>tag", "[link](#x)"} <= set(shown)
    assert fits(page, 1280)
    assert page.errors == []


def test_augmented_images_change_on_the_page(browser, made):
    page = open_page(browser, f"{made[0]}/data")
    before = page.get_by_role("img", name="The first training images").get_attribute("src")
    page.get_by_text("Augmentation", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    wait_idle(page)
    image = page.get_by_role(
        "img", name="The first training images, by rows original, augmented for epoch 1, augmented for epoch 2"
    )
    image.wait_for()
    assert image.get_attribute("src") != before


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_fits_its_screen_and_axe_finds_nothing_of_ours(browser, made, scheme):
    page = open_page(browser, f"{made[0]}/data", color_scheme=scheme)
    for folded in ("Your own images", "Training, validation and test sets", "Scaling and label noise", "Augmentation"):
        page.get_by_text(folded, exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    wait_idle(page)
    assert fits(page, 1280)
    assert complaints(page) == []
