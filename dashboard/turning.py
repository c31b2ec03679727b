"""When a figure went to another level and stayed there: change points in words."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.changes import MIN_BUCKETS, changes
from dashboard import method_text
from dashboard.charts.measures import SHARE, TONE, Measure, written
from dashboard.data import kept
from dashboard.reader import Reader
from dashboard.safe import markdown

MOST_POINTS = 10

FIGURES: dict[str, Measure] = {"mean": TONE, "share": SHARE}


Frames = list[tuple[pd.DataFrame, Callable[[str], str]]]
"""Series of one or more keys, each with what names a key for readers."""


def show(reader: Reader, figure: str, frames: Callable[[Reader], Frames]) -> None:
    """The newest lasting changes of `figure`, a key of FIGURES, in the series that `frames` gives."""
    words = reader.words
    st.subheader(words(f"turning.{figure}"), anchor=False)
    st.caption(words("turning.note", by=words(f"by.{reader.freq}")))
    st.markdown(in_words(reader, figure, frames))
    method_text.button(words, "turning")


@kept
def in_words(reader: Reader, figure: str, series: Callable[[Reader], Frames]) -> str:
    """The changes as a list in Markdown, or why there is none."""
    words, frames = reader.words, series(reader)
    found = [
        (point, name(str(key)))
        for frame, name in frames
        for key, part in frame.groupby("key", sort=False)
        for point in changes(part).itertuples(index=False)
        if point.figure == figure
    ]
    if not found:
        most = max((int(frame.groupby("key")[figure].count().max()) for frame, _ in frames if len(frame)), default=0)
        thin = most < 2 * MIN_BUCKETS
        return words("turning.thin", n=most, least=2 * MIN_BUCKETS) if thin else words("turning.none")
    newest = sorted(found, key=lambda pair: pair[0].bucket, reverse=True)[:MOST_POINTS]
    return "\n".join(_line(reader, *pair) for pair in newest)


def _line(reader: Reader, point, name: str) -> str:
    words, measure = reader.words, FIGURES[point.figure]
    text = words(
        "turning.point",
        name=markdown(name),
        when=words.bucket(point.bucket.date(), reader.freq),
        before=written(point.before, measure, words),
        after=written(point.after, measure, words),
    )
    return f"- {text} {words('turning.collection')}" if point.with_collection else f"- {text}"
