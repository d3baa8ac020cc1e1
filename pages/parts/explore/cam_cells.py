"""Grad-CAM, cell by cell: each cell is a weighted sum of the feature maps at that cell."""

from html import escape

import numpy as np
import streamlit as st

from core.arrays import Array
from core.explain.top_patches import box
from core.explain.why_questions import last_maps
from pages.parts.explore.six_maps import Asked
from pages.ui.component import component


MOST_MAPS = 24
"""Maps shown one by one: those that add the most somewhere; the others are one sum."""

_CELLS = component(__file__)


def cam_cells(asked: Asked, answer: dict[str, Array], key: str) -> None:
    """`answer`: of the method "grad_cam"."""
    network, layer = asked.subject.network, last_maps(asked.subject.network)
    importance, maps = answer["importance"].astype(float), answer["feature_maps"].astype(float)
    terms = importance[:, None, None] * maps
    order = np.argsort(-np.abs(terms).max(axis=(1, 2)), kind="stable")
    shown, others = order[:MOST_MAPS], order[MOST_MAPS:]
    rows, columns = answer["coarse"].shape
    _CELLS(
        key=f"cam-{key}",
        data={
            "layer": layer,
            "class": asked.name,
            "cam": answer["coarse"].tolist(),
            "maps": [
                {"number": int(k) + 1, "importance": float(importance[k]), "values": maps[k].tolist()} for k in shown
            ],
            "rest": terms[others].sum(axis=0).tolist(),
            "others": len(others),
            "boxes": [[box(network, layer, i, j) for j in range(columns)] for i in range(rows)],
            "image": asked.image.tolist(),
        },
    )


def cell_by_cell(asked: Asked, answer: dict[str, Array], row: str, key: str) -> None:
    """Folded away; `row`: the image's row in the data set, for the link to the network."""
    with st.expander("Grad-CAM, cell by cell", key=f"cells-{key}", on_change="rerun") as folded:
        if not folded.open:
            return
        cam_cells(asked, answer, key)
        layer, run = last_maps(asked.subject.network), asked.subject.run
        target = f"explore?run={run.id}&view=network" + (f"&image={row}" if row else "")
        st.html(
            f'<a href="{escape(target)}" target="_self">Open {escape(layer)} in the network, down to one product</a>'
        )
