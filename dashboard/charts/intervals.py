"""The shade around a line: from the lower to the upper end of each bucket's interval."""

import numpy as np
import pandas as pd

from dashboard.charts.layout import days, places, values

OPACITY = 0.16


def shaded(frame: pd.DataFrame, colour: str, freq: str) -> list[dict]:
    """Traces that shade `lo` to `hi` of a series, broken where they are missing. colour: `#rrggbb`."""
    known = frame["lo"].notna() & ~frame["gap"]
    held = np.flatnonzero(known)
    if not len(held):
        return []
    shade = {
        "type": "scatter", "mode": "lines", "fillcolor": _pale(colour), "line": {"width": 0}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip
    whole = frame.iloc[held[0] : held[-1] + 1]
    if len(whole) > len(held):
        return [shade | {"fill": "toself"} | _outlines(frame, known)]
    # From one edge to the other, without naming any bucket; over a hole this would fill it.
    edges = [shade | places(whole["bucket"], freq) | {"y": values(whole[name], 3)} for name in ("lo", "hi")]
    return [edges[0], edges[1] | {"fill": "tonexty"}]


def _pale(colour: str) -> str:
    """The colour as it shades: a fill between two traces does not heed their opacity."""
    return f"rgba({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))}, {OPACITY})"


def _outlines(frame: pd.DataFrame, known: pd.Series) -> dict:
    """One closed outline a run of buckets."""
    x: list[str | None] = []
    y: list[float | None] = []
    for _, run in frame[known].groupby((~known).cumsum()[known]):
        stretch = days(run["bucket"])
        x += stretch + stretch[::-1] + [None]
        y += values(run["hi"], 3) + values(run["lo"], 3)[::-1] + [None]
    return {"x": x, "y": y}
