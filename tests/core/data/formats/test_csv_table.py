"""Images of one's own in a table, a label and a column a pixel: read, or refused in a sentence."""

import pytest

from core.data import catalogue
from core.data.dataset import DataError
from tests.support.bad_tables import BAD_TABLES, table
from tests.support.uploads import read


pytestmark = pytest.mark.usefixtures("own_data_folder")


def test_a_table_with_a_label_and_a_column_a_pixel_is_a_data_set():
    data = read(table(12), name="numbers.csv").dataset
    assert data.shape == (1, 3, 3)
    assert data.class_names == ("0", "1")
    assert len(data.parts["train"]) == 10
    assert len(data.parts["test"]) == 2
    assert (data.images[:, 0, 0, 0] % 2 == data.labels).all()


@pytest.mark.parametrize("content, words", BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table_is_refused_in_a_sentence(content, words):
    with pytest.raises(DataError, match=words):
        read(content, name="numbers.csv")


def test_kaggles_digits_are_found_in_the_data_folder(tmp_path):
    lines = ["label," + ",".join(f"pixel{k}" for k in range(784))]
    lines += [f"{k % 10}," + ",".join([str(k)] * 784) for k in range(30)]
    path = tmp_path / "data" / "kaggle-digits" / "train.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(lines))
    data = catalogue.load("kaggle-digits")
    assert data.shape == (1, 28, 28)
    assert sum(data.counts("train")) == 25
    assert sum(data.counts("test")) == 5
    assert (data.images[:, 0, 5, 5] % 10 == data.labels).all()
