"""The words at the top of a page: the selection in a sentence, or why there is nothing to draw and what to do."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from analysis import moves, queries
from analysis.selection import Frequency
from dashboard import alerts, bar, method_text, stories, trendlines
from dashboard.data import ask, kept
from dashboard.panel import MOST_BEHIND, bucket_end
from dashboard.reader import Reader
from dashboard.safe import markdown
from dashboard.words import Words

THIN = 30
"""Articles below which a selection is called thin: its means and shares are mostly chance."""

MOST_MOVES = 5
MOST_THEMES = 3
"""Named in the summary."""


def show(reader: Reader, frame: pd.DataFrame) -> bool:
    """The lines that sum up the selection. False, with a way out, where there is nothing."""
    if not enough(reader, frame):
        return False
    st.markdown(in_short(reader))
    return True


def enough(reader: Reader, frame: pd.DataFrame) -> bool:
    """Whether there is anything to draw; says so where there is nothing or little."""
    n = int(frame["n"].sum())
    if not n:
        nothing(reader)
        return False
    if n < THIN:
        st.info(reader.words("thin.text", n=n))
    return True


def nothing(reader: Reader) -> None:
    """An empty selection and the way out of it."""
    st.info(reader.words("nothing.text", period=reader.period))
    if reader.chosen.search:
        st.caption(reader.words("nothing.search"))
    st.button(reader.words("nothing.reset"), on_click=bar.reset, key="nothing_reset")


def toward(words: Words, row: pd.Series, above: str, below: str) -> str:
    """The tone toward a target: `above` or `below` zero, or about neutral where its interval holds zero."""
    kind = "neutral" if row["lo"] <= 0 <= row["hi"] else above if row["mean"] > 0 else below
    target = markdown(words.name("target", row["key"]))
    return words(f"short.{kind}", target=target, score=words.score(row["mean"]))


@kept
def in_short(reader: Reader) -> str:
    """How much is said, what about, in what tone toward what, and what changed last: a line each, as Markdown."""
    lines = [_volume(reader), _themes(reader), _tones(reader), _last_change(reader)]
    return "  \n".join(line for line in lines if line)


def _volume(reader: Reader) -> str:
    words, frame = reader.words, trendlines.whole_series(reader)
    n, n_all = int(frame["n"].sum()), int(frame["n_all"].sum())
    blanks = {"n": n, "n_all": n_all, "stories": frame["n_stories"].sum()}
    numbers = {name: words.number(value) for name, value in blanks.items()}
    return words("short.volume", period=reader.period, share=words.percent(n / n_all), **numbers)


def _themes(reader: Reader) -> str:
    words = reader.words
    frame = ask(queries.series, reader.selection, freq="whole", by="theme", bands=False)
    counted = zip(frame["n"].tolist(), frame["key"].tolist(), frame["n_relevant"].tolist(), strict=True)
    named = [
        words("short.theme", name=words.name("theme", key), share=words.percent(n / n_relevant, 0))
        for n, key, n_relevant in sorted(counted, key=lambda row: -row[0])[:MOST_THEMES]
        if n
    ]
    return words("short.themes", themes=words("short.semicolon").join(named)) if named else ""


def _tones(reader: Reader) -> str:
    words = reader.words
    tones = ask(queries.series, reader.selection, freq="whole", by="target", bands=True).dropna(subset=["mean"])
    if len(tones) < 2:
        return ""
    best = toward(words, tones.loc[tones["mean"].idxmax()], "most_positive", "least_negative")
    worst = toward(words, tones.loc[tones["mean"].idxmin()], "least_positive", "most_negative")
    return words("short.tones", best=best, worst=worst)


def _last_change(reader: Reader) -> str:
    """The newest move of the period; nothing where there is none."""
    words = reader.words
    newest = next((move for move, inside in moved(reader) if inside), None)
    return words("short.change", change=markdown(alerts.in_words(newest, words, _moves_freq(reader)))) if newest else ""


def what_moved(reader: Reader) -> None:
    """The newest buckets in which volume or a tone left its own past, each with its articles.

    They are sought in the whole collection, once for all periods, so that a period does not change what is one.
    """
    words = reader.words
    st.subheader(words("moves.title"), anchor=False)
    freq = _moves_freq(reader)
    st.caption(words("moves.note", by=words(f"by.{freq}")))
    found = moved(reader)
    if not any(inside for _, inside in found):
        st.markdown(words("moves.none"))
        if found:
            st.caption(words("moves.before"))
    for place, (move, _) in enumerate(found):
        _move(reader, move, freq, f"move_{place}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"[{words('moves.feed')}]({alerts.PATH})", width="content")
        method_text.button(words, "moves")


@kept
def moved(reader: Reader) -> list[tuple[moves.Move, bool]]:
    """The newest moves inside the period, else the last one before it; and whether it is inside."""
    everything = _sought(reader, _moves_freq(reader))
    inside = [(move, True) for move in everything if reader.first <= move.bucket <= reader.last]
    return inside[:MOST_MOVES] or [(move, False) for move in everything if move.bucket < reader.first][:1]


def _sought(reader: Reader, freq: Frequency) -> list[moves.Move]:
    return ask(moves.moves, replace(reader.selection, start=None, end=None), freq)


def prepare(reader: Reader) -> None:
    """Make ready what the lines say now, and the moves for whoever turns to a shorter period: they are the same for
    all, and take longest."""
    in_short(reader)
    moved(reader)
    _sought(reader, "week")


def _moves_freq(reader: Reader) -> Frequency:
    return "month" if reader.freq == "month" else "week"


@st.fragment
def _move(reader: Reader, move: moves.Move, freq: str, key: str) -> None:
    about = st.expander(markdown(alerts.in_words(move, reader.words, freq)), key=key, on_change="rerun")
    if about.open:
        with about:
            last = bucket_end(move.bucket, freq)
            narrowed = replace(reader.selection, start=move.bucket, end=last)
            if move.target:
                narrowed = replace(narrowed, targets=(move.target,))
            stories.show(reader, narrowed, key=key, limit=MOST_BEHIND)
