"""What happened at a point of a chart, in sentences: against what is usual, who moved it, what was going on."""

from datetime import date

import pandas as pd
import streamlit as st

from analysis import moves
from analysis.selection import Frequency, Selection
from dashboard import stories
from dashboard.charts import marks
from dashboard.data import ask
from dashboard.reader import Reader
from dashboard.safe import markdown

MOST_NAMED = 3
"""Outlets named as what moved a tone, and stories named as widely copied."""

LEAST_PART = 0.01
"""Smallest part in a change of tone that is worth a name."""


def show(reader: Reader, selection: Selection, bucket: date, freq: Frequency) -> None:
    """selection: of the point's line, whatever its period; nothing is said where nothing is known."""
    found = ask(moves.happening, selection, bucket, freq)
    if found is None:
        return
    lines = [*_figures(reader, found.row), *_outlets(reader, found.contributors)]
    lines += [markdown(marks.label(event, reader.words)) for event in found.events.itertuples()]
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))
    copied = found.stories[found.stories["articles"] > 1].head(MOST_NAMED)
    for story in copied.itertuples(index=False):
        st.markdown(f":small[{stories.copied_line(reader.words, story)}]")


def _figures(reader: Reader, row: pd.Series) -> list[str]:
    """Volume and tone of the bucket against its own past, as far as they are known."""
    words, lines = reader.words, []
    if pd.notna(row["expected"]):
        how = "unusual" if row["anomaly"] else "usual"
        usual = words.number(row["expected"], 1)
        lines.append(words(f"happening.{how}", n=words.number(row["comparable"]), usual=usual))
    if pd.notna(row["change"]):
        blanks = {"mean": row["mean"], "past": row["baseline"], "low": row["change_lo"], "high": row["change_hi"]}
        written = {name: words.score(value) for name, value in blanks.items() if pd.notna(value)}
        lines.append(words("happening.tone" if "low" in written else "happening.tone_thin", **written))
    return lines


def _outlets(reader: Reader, parts: pd.DataFrame) -> list[str]:
    """The outlets that did most to the tone since the bucket before."""
    words = reader.words
    large = parts[parts["tone"].abs() >= LEAST_PART].head(MOST_NAMED)
    if len(parts) < 2 or large.empty:
        return []
    named = ", ".join(f"{markdown(part.key)} ({words.score(part.tone)})" for part in large.itertuples())
    return [words("happening.outlets", outlets=named)]
