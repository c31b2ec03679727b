"""Realistic invented articles by the million. No benchmark by itself.

200 outlets by a power law, ten years of growth with quiet weekends and bursts of news, a fifth of it relevant, an
eighth of it copies, in English and Chinese. The text is recombined from the project's own labelled lines: the head of
one and the tail of another, with a third in the summary.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.annotate import document, matcher
from analysis.relevance import judge
from analysis.training.corpus import read_corpus
from ingest.model import GROUPS, Article

OUTLETS = 200
POWER = 1.1
"""The outlet of rank r writes in proportion to r ** -POWER."""

FIRST_DAY = datetime(2016, 10, 10, tzinfo=UTC)
DAYS = 3652
GROWTH = 3.0
WEEKEND = 0.5
BURSTS = 40
BURST_HEIGHT = 4.0
BURST_DAYS = 4

RELEVANT_SHARE = 0.2
COPY_SHARE = 0.125
COPY_REACH = 300
"""A copy follows its original within this many articles."""

BATCH = 50_000
SECONDS_A_DAY = 86_400
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Lines:
    """Labelled lines by number: their texts, languages and halves, and which to draw from for whom."""

    texts: list[str]
    languages: list[str]
    heads: list[str]
    tails: list[str]
    pools: dict[tuple[str, bool], np.ndarray]


def batches(size: int, seed: int = 0) -> Iterator[pd.DataFrame]:
    """Articles in order of time, BATCH at a time.

    Columns as in the table `articles`, and `relevant`, `line` (the labelled line of the head of the title) and `story`
    (the row of the article that was copied, or its own).
    """
    rng = np.random.default_rng(seed)
    days = np.repeat(np.arange(DAYS), rng.multinomial(size, _day_weights()))
    for start in range(0, size, BATCH):
        yield _drawn(rng, start, days[start : start + BATCH])


def fresh_articles(n: int, seed: int = 1) -> list[Article]:
    """`n` articles of the day after the collection, as a feed would show them."""
    rng = np.random.default_rng(seed)
    frame = _drawn(rng, 10**9, np.full(n, DAYS))
    return [
        Article(r.id, r.url, r.title, r.summary, r.outlet, r.language, r.published.to_pydatetime(), 480, "exact", None)
        for r in frame.itertuples()
    ]


def outlet_groups() -> dict[str, str]:
    groups = [group for group in GROUPS if group != "other"]
    return {f"Outlet {rank}": groups[rank % len(groups)] for rank in range(OUTLETS)}


def _day_weights() -> np.ndarray:
    day = np.arange(DAYS)
    weights = 1 + (GROWTH - 1) * day / DAYS
    weekday = (FIRST_DAY.weekday() + day) % 7
    weights = np.where(weekday >= 5, WEEKEND * weights, weights)
    for start in np.random.default_rng(7).integers(0, DAYS, BURSTS):
        length = min(BURST_DAYS, DAYS - start)
        weights[start : start + length] *= np.linspace(BURST_HEIGHT, 1, BURST_DAYS)[:length]
    return weights / weights.sum()


def _drawn(rng: np.random.Generator, start: int, days: np.ndarray) -> pd.DataFrame:
    n = len(days)
    rank = rng.choice(OUTLETS, n, p=_outlet_weights())
    language = np.where(rank % 5 < 2, "zh", "en")
    relevant = rng.random(n) < RELEVANT_SHARE
    story = _originals(rng, language, relevant)
    head, tail, more = _parts(rng, language, relevant)[story].T
    numbers = np.arange(start, start + n)
    seconds = rng.integers(0, SECONDS_A_DAY, n) + days * SECONDS_A_DAY
    return _texts(_mixed(numbers), head, tail, more).assign(
        outlet=np.array(list(outlet_groups()), dtype=object)[rank],
        language=language,
        published=pd.Timestamp(FIRST_DAY) + pd.to_timedelta(np.sort(seconds), unit="s"),
        content_hash=_mixed(numbers + 2**40).view(np.int64),
        title_key=_mixed(numbers + 2**41).view(np.int64),
        relevant=relevant,
        line=head,
        story=story,
    )


def _texts(numbers: np.ndarray, head: np.ndarray, tail: np.ndarray, more: np.ndarray) -> pd.DataFrame:
    """id, url, title and summary, put together outside Python: they are most of a collection."""
    heads, tails = pa.array(lines().heads), pa.array(lines().tails)
    digits = numbers.astype(">u8").tobytes().hex()
    ids = pa.array([digits[at : at + 16] for at in range(0, len(digits), 16)])

    def joined(*parts: pa.Array | str) -> pa.Array:
        return pc.binary_join_element_wise(*parts, "")

    return pa.table(
        {
            "id": ids,
            "url": joined("https://news.example/", ids),
            "title": joined(heads.take(pa.array(head)), tails.take(pa.array(tail))),
            "summary": joined(heads.take(pa.array(more)), tails.take(pa.array(head))),
        }
    ).to_pandas()


@cache
def _outlet_weights() -> np.ndarray:
    weights = np.arange(1, OUTLETS + 1) ** -POWER
    return weights / weights.sum()


def _originals(rng: np.random.Generator, language: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """For each row the row whose text it has: itself, or an earlier one within COPY_REACH."""
    own = np.arange(len(language))
    source = np.maximum(own - rng.integers(1, COPY_REACH, len(own)), 0)
    source = np.where(rng.random(len(own)) < COPY_SHARE, source, own)
    alike = (language[source] == language) & (relevant[source] == relevant)
    source = np.where(alike, source, own)
    while not np.array_equal(source, source[source]):
        source = source[source]
    return source


def _parts(rng: np.random.Generator, language: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """(n, 3) numbers of lines of the right language and relevance: head, tail and summary."""
    parts = np.empty((len(language), 3), dtype=int)
    for (name, is_relevant), pool in lines().pools.items():
        here = (language == name) & (relevant == is_relevant)
        parts[here] = rng.choice(pool, (here.sum(), 3))
    return parts


@cache
def lines() -> Lines:
    """All labelled lines; what is relevant is the engine's word, as in any store."""
    examples = [example for language in LANGUAGES for example in read_corpus(language)]
    texts, languages = [example.text for example in examples], np.array([example.language for example in examples])
    relevant = np.array([judge(matcher().scan(document("", text))).verdict == "yes" for text in texts])
    pools = {(z, yes): np.flatnonzero((languages == z) & (relevant == yes)) for z in LANGUAGES for yes in (True, False)}
    halves = [_halves(example.text, example.language) for example in examples]
    return Lines(texts, languages.tolist(), [head for head, _ in halves], [tail for _, tail in halves], pools)


def _halves(text: str, language: str) -> tuple[str, str]:
    """A space goes with the tail, so that the two are put together as they are."""
    if language == "zh":
        return text[: len(text) // 2], text[len(text) // 2 :]
    middle = text.find(" ", len(text) // 2)
    return (text[:middle], text[middle:]) if middle > 0 else (text, "")


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Well-mixed 64-bit numbers, a different one for each number (the finaliser of SplitMix64)."""
    z = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
