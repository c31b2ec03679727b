"""One collector writing, readers of the dashboard and a notebook reading, on one embedded store at once.

Each is a process of its own. The collector stores ten articles as soon as the last ones are in, dashboards ask what a
page asks, the notebook adds up whole tables. The waits are those of the process itself, work included; at the end
every article that was stored is looked for. `--minutes` (default 1) says for how long.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from benchmarks import corpus, stores
from ingest.errors import LianwatchError
from ingest.store import Store, open_store
from ingest.upsert import store_articles

ARTICLES = 20_000
READERS = (1, 4, 8)
ARTICLES_A_WRITE = 10
SECONDS = 60 * float(os.environ.get("LIANWATCH_BENCH_MINUTES", "1")) / len(READERS)
PAUSE_SECONDS = 0.05
"""Between two questions of a reader: eight readers that never think keep two cores busier than eight hundred people."""


def measure() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        path = stores.filled(Path(folder, "store.duckdb"), ARTICLES)
        return [row for readers in READERS for row in together(path, readers, SECONDS)]


def together(path: Path, readers: int, seconds: float) -> list[dict]:
    """A row each for the collector, the dashboards and the notebook after `seconds` of work side by side."""
    store = open_store(str(path))
    before = _stored(store)
    with ProcessPoolExecutor(readers + 2, get_context("spawn")) as pool:
        writing = pool.submit(collect, str(path), seconds, before)
        reading = [pool.submit(read, str(path), seconds) for _ in range(readers)]
        counting = pool.submit(count, str(path), seconds)
        waits, failures = writing.result()
        rows = [_row("collector", readers, waits, failures, _stored(store) - before - ARTICLES_A_WRITE * len(waits))]
        seen = [future.result() for future in reading]
        rows.append(_row("dashboards", readers, [w for waits, _ in seen for w in waits], sum(f for _, f in seen), 0))
        rows.append(_row("notebook", readers, *counting.result(), 0))
    return rows


def collect(path: str, seconds: float, start: int) -> tuple[list[float], int]:
    """Seconds each write took, and how many failed. `start` numbers the articles, so that none was there before."""
    store = open_store(path)
    drawn = corpus.fresh_articles(500, seed=start)
    numbers = iter(range(start, start + 10**6))

    def write() -> None:
        articles = [replace(article, id=f"new{next(numbers)}") for article in drawn[:ARTICLES_A_WRITE]]
        articles = [replace(article, title=f"{article.title} {article.id}") for article in articles]
        with store.transaction() as tx:
            store_articles(tx, "feed", articles, {}, sample=False, seen_at=corpus.FIRST_DAY)
            tx.stamp()

    return _again_and_again(write, seconds, 0)


def read(path: str, seconds: float) -> tuple[list[float], int]:
    """Seconds each question of a page took, and how many failed."""
    from analysis import queries
    from analysis.selection import Selection

    store = open_store(path)
    questions = (
        lambda: queries.extent(store),
        lambda: queries.series(store, Selection()),
        lambda: queries.articles(store, Selection(search="监管")),
        store.data_version,
    )
    at = iter(range(10**9))
    return _again_and_again(lambda: questions[next(at) % len(questions)](), seconds, PAUSE_SECONDS)


def count(path: str, seconds: float) -> tuple[list[float], int]:
    """The same for whoever adds up a whole table."""
    store = open_store(path)
    question = "SELECT outlet, count(*), avg(score) FROM articles JOIN annotations ON id = article_id GROUP BY outlet"
    return _again_and_again(lambda: store.frame(question), seconds, PAUSE_SECONDS)


def _again_and_again(work: Callable[[], object], seconds: float, pause: float) -> tuple[list[float], int]:
    waits, failures, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        try:
            work()
            waits.append(time.perf_counter() - begun)
        except LianwatchError:
            failures += 1
        time.sleep(pause)
    return waits, failures


def _stored(store: Store) -> int:
    """Articles that are stored exactly once (the key cannot be there twice, the title could)."""
    return store.rows("SELECT count(DISTINCT id || title) FROM articles WHERE duplicate_of IS NULL")[0][0]


def _row(who: str, readers: int, waits: list[float], failures: int, lost: int) -> dict:
    ordered = sorted(waits) or [float("nan")]
    return {
        "who": who,
        "dashboards": readers,
        "done": len(waits),
        "failed": failures,
        "lost or doubled": lost,
        "p50 ms": round(1e3 * statistics.median(ordered)),
        "p95 ms": round(1e3 * ordered[int(0.95 * (len(ordered) - 1))]),
        "longest ms": round(1e3 * ordered[-1]),
    }
