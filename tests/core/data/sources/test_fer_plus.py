"""FER+: votes become labels, and faces without a majority are left out."""

import numpy as np
import pytest

from core.data import catalogue
from core.data.dataset import DataError


HEADER = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
VOTES = [
    ("Training", 4, 0, 0, 1, 3, 2, 0, 0, 0, 0),
    ("Training", 0, 5, 5, 0, 0, 0, 0, 0, 0, 0),
    ("PrivateTest", 0, 0, 0, 0, 0, 0, 0, 9, 1, 0),
    ("Training", 0, 0, 0, 0, 0, 0, 0, 0, 0, 10),
    ("Training", 0, 0, 8, 2, 0, 0, 0, 0, 0, 0),
]


@pytest.fixture
def files(data):
    (data / "fer2013").mkdir()
    rows = [f"0,{' '.join([str(20 * k)] * 2304)},{row[0]}" for k, row in enumerate(VOTES)]
    (data / "fer2013" / "fer2013.csv").write_text("\n".join(["emotion,pixels,Usage", *rows]))
    return data / "fer2013" / "fer2013new.csv"


def written(path, votes, header=HEADER):
    path.write_text("\n".join([header, *(",".join(map(str, (row[0], "x.png", *row[1:]))) for row in votes)]))


def test_the_expression_with_most_votes_is_the_label(files):
    written(files, VOTES)
    assert "fer-plus" in catalogue.names()
    dataset = catalogue.load("fer-plus")
    assert [dataset.class_names[label] for label in dataset.labels] == ["neutral", "surprise", "contempt"]
    assert dataset.images[:, 0, 0, 0].tolist() == [0, 80, 40]
    assert dict(dataset.parts) == {"train": range(2), "test": range(2, 3)}


@pytest.mark.parametrize(
    "votes, header, words",
    [
        (VOTES[:3], HEADER, "votes for 3 faces"),
        (VOTES, HEADER.replace("fear", "fright"), "no column 'fear'"),
        ([("Training", *["x"] * 10)], HEADER, "line 2: the votes"),
        ([("Training", *[1] * 10)] * 5, HEADER, "no face with a majority"),
    ],
)
def test_other_files_are_a_sentence(files, votes, header, words):
    written(files, votes, header)
    with pytest.raises(DataError, match=words):
        catalogue.load("fer-plus")


def test_it_is_not_offered_where_it_is_not(data):
    assert "fer-plus" not in catalogue.names()
    assert "fer2013new.csv" in catalogue.missing("fer-plus")
    assert np.array(catalogue.describe("fer-plus").shape).tolist() == [1, 48, 48]
