"""What a line chart can show of a series, and how its values are written."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.words import Words

LEAST_BASE = 5
"""As for a mean, fewer articles than this say nothing."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of a series as a line chart shows it: `tickformat` in d3 notation, `digits` on the wire.

    A ratio is drawn from LEAST_BASE articles in its column `base` on: one of one is no share of anything.
    """

    column: str
    tickformat: str
    hoverformat: str
    digits: int
    signed: bool = False
    base: str | None = None

    def drawn(self, frame: pd.DataFrame) -> np.ndarray:
        """The values to draw, a float a row: NaN in a gap, and where the base is too small."""
        hidden = frame["gap"].to_numpy(dtype=bool)
        if self.base:
            hidden = hidden | (frame[self.base].to_numpy() < LEAST_BASE)
        return np.where(hidden, np.nan, frame[self.column].to_numpy(dtype=float))


COUNT = Measure("n", ",.0f", ",.0f", 0)
COLLECTED = Measure("n_all", ",.0f", ",.0f", 0)
SHARE = Measure("share", ".1~%", ".2%", 5, base="n_all")
TOPIC_SHARE = Measure("topic_share", ".0%", ".1%", 4, base="n_relevant")
TONE = Measure("mean", ".1~f", "+.2f", 3, signed=True)
COPY_RATIO = Measure("copy_ratio", ".0%", ".1%", 4, base="n")


def written(value: float, measure: Measure, words: Words) -> str:
    """A value as readers see it."""
    if measure.signed:
        return words.score(value)
    return words.percent(value) if "%" in measure.tickformat else words.number(value, measure.digits)
