"""Tables of images: each table holds what core computes for the current settings. Streamlit's tables, no browser."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import catalogue
from core.data.preparation import augmentation
from core.demos.images.pixel_table import pixel_table
from core.demos.signals.downsampling import halved, tone
from core.random import generator
from pages.widgets.metrics import rare_copies
from pages.widgets.signals import sampling


def shown(name: str, table: str, **options) -> AppTest:
    """A widget alone on a page, its table opened."""

    def page(name, options):
        from pages import widgets

        widgets.show(name, options, "w")

    app = AppTest.from_function(page, args=(name, options), default_timeout=60)
    app.session_state[f"numbers-w-{table}"] = True
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def columns(app: AppTest) -> dict[str, np.ndarray]:
    (result,) = app.dataframe
    return {name: result.value[name].to_numpy() for name in result.value}


@pytest.mark.parametrize(
    "name, table", [("sampling", "samples"), ("augmentation_gallery", "pixels"), ("rare_copies", "pixels")]
)
def test_no_number_is_sent_before_the_table_is_opened(name, table):
    app = shown(name, table)
    assert len(app.dataframe) == 1
    app.session_state[f"numbers-w-{table}"] = False
    assert len(app.run().dataframe) == 0


def test_the_table_of_a_tone_follows_the_tone_and_what_is_kept():
    app = shown("sampling", "samples", hertz=3000)
    for hertz, keeping in ((3000, "skip"), (5000, "skip"), (5000, "max")):
        app.selectbox("w-hertz").set_value(hertz)
        app.selectbox("w-keeping").set_value(keeping).run()
        time, before, after = columns(app).values()
        wave = tone(hertz, sampling.SECONDS, 16_000)
        assert time == pytest.approx(np.arange(32) / 16)
        assert before == pytest.approx(wave[:32])
        assert after[::2] == pytest.approx(halved(wave, keeping)[:16])
        assert np.isnan(after[1::2]).all()


def test_the_table_of_an_augmentation_holds_the_pixels_of_every_image():
    app = shown("augmentation_gallery", "pixels", kind="noise", digit=3)
    digits = catalogue.load("digits")
    for turn in range(2):
        one = digits.images[list(digits.labels).index(3)][None]
        by = augmentation.Noise(deviation=40.0)
        made = augmentation.apply(one.repeat(10, axis=0), (by,), generator(turn, "augmentation gallery"))
        row, column, original, *changed = columns(app).values()
        assert original.tolist() == one[0, 0, row - 1, column - 1].tolist()
        assert [one.tolist() for one in changed] == made[:, 0, row - 1, column - 1].tolist()
        app.button("w-again").click().run()


def test_the_table_of_a_colour_image_names_the_channel():
    app = shown("augmentation_gallery", "pixels", kind="color")
    row, column, channel = (columns(app)[name] for name in ("row", "column", "channel"))
    assert len({*zip(row, column, channel, strict=True)}) == len(row) == 3 * 32 * 32


def test_the_table_of_copies_follows_the_digit():
    app = shown("rare_copies", "pixels")
    for digit in (8, 4):
        app.selectbox("w-digit").set_value(digit).run()
        result = columns(app)
        first = rare_copies.first(digit).ravel()
        assert result["original"].tolist() == first.tolist()
        assert result["repeated 8"].tolist() == first.tolist()
        assert np.abs(result["with noise 1"].astype(int) - first).max() > 0
        assert len(result) == 2 + 1 + 3 * rare_copies.COPIES


def test_a_pixel_table_counts_from_1_and_leaves_out_a_lonely_channel():
    result = pixel_table(np.arange(6).reshape(1, 1, 2, 3), ["a"], ["row", "column", "channel"])
    assert {name: values.tolist() for name, values in result.items()} == {
        "row": [1, 1, 1, 2, 2, 2],
        "column": [1, 2, 3, 1, 2, 3],
        "a": [0, 1, 2, 3, 4, 5],
    }
