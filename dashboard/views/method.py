"""Data & method: what was collected and how well, and how each figure is made."""

import json
from importlib import resources

import streamlit as st

from analysis.provenance import provenance
from dashboard import data, method_text, panel, trendlines
from dashboard.charts.measures import COLLECTED
from dashboard.data import ask
from dashboard.reader import Reader
from dashboard.words import MISSING
from ingest.config import timezone

FEED_COLUMNS = (
    "name", "outlet", "group", "language", "health", "status", "error", "last_checked", "last_success", "last_new",
    "per_day", "usual_per_day", "n_articles",
)  # fmt: skip
"""Shown of `queries.feed_health`."""


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.method"), anchor=False)
    _extent(reader)
    frame = trendlines.whole_series(reader)
    if len(frame):
        panel.show(reader, trendlines.total(reader, "collection", COLLECTED, marked=False))
    _feeds(reader)
    _model_card(reader)
    st.subheader(words("method.how"), anchor=False)
    st.markdown(method_text.whole(words.language))


def _feeds(reader: Reader) -> None:
    """The health of each feed, under names and in the zone of the reader."""
    words, feeds = reader.words, data.feeds_now()
    st.subheader(words("method.feeds"), anchor=False)
    if feeds.empty:
        st.markdown(words("feeds.none"))
        return
    times = {name: feeds[name].dt.tz_convert(timezone()) for name in FEED_COLUMNS if name.startswith("last_")}
    shown = feeds[list(FEED_COLUMNS)].assign(
        group=[words.name("group", group) for group in feeds["group"]],
        language=[words.name("lang", str(language).partition("-")[0]) for language in feeds["language"]],
        health=[words(f"health.{word}") for word in feeds["health"]],
        **feeds[["per_day", "usual_per_day"]].round(1),
        **times,
    )
    named = shown.rename(columns={name: words(f"feeds.{name}") for name in FEED_COLUMNS})
    st.dataframe(named, hide_index=True, placeholder=MISSING, alt=words("method.feeds"))


def _model_card(reader: Reader) -> None:
    """What reads the tone: trained on what, in which version, good and not good for what."""
    words = reader.words
    model = json.loads(resources.files("analysis").joinpath("model", "sentiment.json").read_text(encoding="utf-8"))
    texts = {name: words.number(n) for name, n in model["texts"].items()}
    engine = ask(provenance, "model card", reader.selection).engine
    st.subheader(words("card.title"), anchor=False)
    lines = [words("card.trained", **texts), words("card.version", engine=engine, digest=model["sha256"][:12])]
    st.markdown("\n".join(f"- {line}" for line in [words("card.does"), *lines, words("card.good"), words("card.bad")]))


def _extent(reader: Reader) -> None:
    words, extent = reader.words, reader.extent
    facts = {
        "articles": words.number(extent.n_articles),
        "relevant": words.number(extent.n_relevant),
        "undated": words.number(extent.n_undated),
        "days": f"{words.day(extent.first_day)} – {words.day(extent.last_day)}",
        "zone": timezone().key,
        "version": extent.data_version,
    }
    st.markdown("\n".join(f"- {words(f'method.{name}')}: **{value}**" for name, value in facts.items()))
