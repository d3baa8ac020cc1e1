"""Where a living network's columns lie: inside the room, beside each other, at most twelve tiles, folded if long."""

import itertools

import pytest

from core.experiment import presets
from core.network.blocks import Branches
from core.network.columns import groups
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from tests.support.node import javascript


RELU = Activation(function="relu")
SMALL = Network(
    input_shape=(1, 28, 28),
    layers=[
        *(Conv2D(filters=8, kernel_size=5), RELU, Pool()),
        *(Conv2D(filters=16, kernel_size=5), RELU, Pool()),
        *(Flatten(), Dense(units=100), RELU, Dense(units=10)),
    ],
)


def arranged(network: Network, room: int = 700, height: int = 470, **options) -> dict:
    sent = [
        {
            "layers": group.layers,
            "shown": group.shown,
            "main": group.main,
            "kind": group.kind,
            "shape": group.shape,
            "sources": group.sources,
            "column": group.column,
            "lane": group.lane,
            "about": group.about,
        }
        for group in groups(network)[:-1]
    ]
    given = {"groups": sent, "room": room, "height": height, "top": 64, "feet": [100, 200], **options}
    return javascript(("network_layout",), "arranged(given)", given)


def boxes(plan: dict) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of every tile and strip."""
    found = []
    for one in plan["placed"].values():
        if one["strip"]:
            found.append((one["x"], one["y"], one["x"] + one["width"], one["y"] + one["height"]))
        found += [(t["x"], t["y"], t["x"] + one["size"], t["y"] + one["size"]) for t in one["tiles"]]
    return found


def overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("name", presets.names())
@pytest.mark.parametrize("room", [360, 1000])
def test_no_tile_of_a_preset_covers_another_or_leaves_the_board(name, room):
    plan = arranged(presets.get(name).network(), room)
    found = boxes(plan)
    assert not [pair for pair in itertools.combinations(found, 2) if overlap(*pair)]
    assert all(left >= 0 and right <= plan["width"] and top >= 64 for left, top, right, _ in found)
    assert max((bottom for *_, bottom in found), default=0) <= plan["height"] + 1


@pytest.mark.parametrize("name", presets.names())
def test_the_curves_of_a_preset_reach_the_scores_at_the_edge_of_the_room(name):
    plan = arranged(presets.get(name).network(), 700)
    ends = [edge["x2"] for edge in plan["edges"] if edge["to"].startswith("score")]
    assert plan["width"] >= 699
    assert ends
    assert {round(end) for end in ends} == {round(plan["width"])}


def test_the_columns_fill_the_room_and_need_more_only_if_they_must():
    assert arranged(SMALL, 700)["width"] == pytest.approx(700)
    assert arranged(SMALL, 300)["width"] > 300


def test_at_most_twelve_maps_are_shown_until_the_column_is_expanded():
    placed = arranged(SMALL)["placed"]
    assert [(len(placed[name]["tiles"]), placed[name]["hidden"]) for name in ("act1", "pool1", "act2")] == [
        (8, 0),
        (8, 0),
        (12, 4),
    ]
    assert len(arranged(SMALL, expanded=["act2"])["placed"]["act2"]["tiles"]) == 16


def test_a_map_opens_into_a_panel_before_its_column_and_the_others_become_narrow():
    plan = arranged(SMALL, open="act2", panel=300)
    placed = plan["placed"]
    assert placed["pool1"]["x"] < plan["panel"]["x"] < plan["panel"]["x"] + 300 < placed["act2"]["x"]
    assert placed["pool1"]["compact"]
    assert not placed["act2"]["compact"]
    assert placed["pool1"]["size"] < placed["act2"]["size"]


def test_curves_join_what_feeds_what():
    edges = arranged(SMALL)["edges"]
    found = {(edge["from"], edge["to"]) for edge in edges}
    assert {("input", "act1:0"), ("act1:3", "pool1:3"), ("pool1:0", "act2:5"), ("pool2:1", "act3")} <= found
    assert ("act1:3", "pool1:4") not in found
    assert {to for source, to in found if source == "act3"} == {"score:0", "score:1"}


def test_parallel_paths_lie_below_each_other_and_meet():
    conv = Conv2D(filters=2, kernel_size=3, padding="same")
    block = Branches(rows=((conv,), (conv, conv)))
    network = Network(input_shape=(1, 12, 12), layers=[conv, block, Flatten(), Dense(units=2)])
    placed = arranged(network)["placed"]
    assert placed["conv2"]["y"] < placed["conv3"]["y"]
    assert placed["conv2"]["x"] == placed["conv3"]["x"]


def test_a_long_network_folds_in_the_middle_and_unfolds():
    conv = Conv2D(filters=2, kernel_size=3, padding="same")
    network = Network(input_shape=(1, 12, 12), layers=[*[conv] * 20, Flatten(), Dense(units=2)])
    plan = arranged(network)
    assert plan["fold"]["columns"] == list(range(5, 17))
    assert len(plan["placed"]) == 8
    assert len(arranged(network, unfolded=True)["placed"]) == 20
