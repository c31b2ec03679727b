"""Bursts: known events found within a day in the real headlines, and false alarms on shuffled days.

Two collections: relevant articles (every kind of burst), and all headlines as if each were relevant (terms only), for
events of the whole field. Which events can be found at all was laid down before any was sought: within a day of it at
least MIN_ARTICLES headlines of MIN_OUTLETS outlets say what happened (`ABOUT`). An event is found by a burst that
ends within a day of it and half of whose headlines say so. Beside it the same with windows of one day, and with the
share of relevant articles in place of the share of all collected.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from analysis import bursts, emerging
from analysis.text import fold, tokens
from analysis.where import day_sql
from ingest.store import open_store

HEADLINES = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data/headlines.jsonl.gz"
COLUMNS = ("what", "method", "testable", "found", "missed", "bursts", "false_alarms")
ROUNDS = 3
DAY = pd.Timedelta(days=1)

ABOUT = {
    "relevant articles": {
        "2013-12-05": "bank|bans|restrict|setback|crack|boom",
        "2013-12-18": "curb|restrict|exchange|yuan|crack|plunge|sinks",
        "2017-02-09": "withdraw",
        "2017-09-04": r"\bico|coin offering",
        "2017-09-14": "exchange|stop trading|crackdown",
        "2018-02-05": "block|offshore|foreign",
        "2019-04-08": "mining|mine|against it",
        "2021-05-18": "payment|bar|bans|institutions|crackdown",
        "2021-05-19": "plummet|crumbl|crash|struggl|tumbl|crackdown",
        "2021-05-21": "crack|clamp|mining|trading",
        "2021-05-25": "mongolia|mining|crackdown",
        "2021-06-09": "qinghai|xinjiang|mining",
        "2021-06-18": "sichuan|mining",
        "2021-06-21": "alipay|banks|payment",
        "2021-09-24": "illegal|ban|crackdown|mining",
        "2022-02-04": "olympic",
        "2022-04-13": r"\bnft",
        "2022-05-17": "mining|hash",
        "2022-06-24": "licen|bill|gazette",
        "2023-06-01": "licen|platform guid|平台指引|牌照",
        "2023-09-13": "jpex",
        "2024-04-15": r"\betf",
        "2024-04-30": r"\bet[fp]",
        "2025-05-21": "stablecoin|稳定币",
        "2025-08-01": "stablecoin|稳定币",
        "2026-02-06": r"\brwa|stablecoin|ban",
        "2026-04-10": "licen|stablecoin",
    },
    "all headlines": {
        "2014-02-28": r"gox",
        "2018-11-15": "bitcoin cash|hard fork|slump|slide",
        "2021-02-08": "tesla|musk",
        "2021-05-12": "tesla|musk",
        "2021-05-19": "china|crash|plung|plummet|tumbl|crumbl",
        "2022-05-09": r"terra|\bust\b|luna|peg",
        "2022-11-11": "ftx|bankman|sbf",
        "2024-01-10": r"\betf|批准",
        "2024-04-20": "halving|减半",
        "2024-12-05": "100,000|100k|10万|10 万",
        "2025-10-06": "record|all-time|125|126",
        "2025-10-10": "liquidat|tariff|crash|plung",
        "2025-10-14": "prince|chen zhi|127",
        "2026-02-05": "60,000|slid|plung|crash|tumbl|sell-?off",
    },
}
"""Event (its day in analysis/knowledge/events.csv) → what a headline about it says."""


def measure() -> list[dict]:
    if not HEADLINES.is_file():
        return [{"what": "no headlines beside the checkout"}]
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "store.duckdb")
        for command in (["ingest", "import", str(HEADLINES)], ["analysis", "run", "--workers", "1"]):
            subprocess.run([sys.executable, "-m", *command, "--store", path], check=True, capture_output=True)
        store = open_store(path)
        titles = _titles(store)
        collected = emerging.collected_days(store)
        mentions = emerging.mentions(store, collected["day"].min().date())
    rows = _rows("relevant articles", titles[titles["relevant"]], mentions, collected)
    words = [sorted(set(tokens(row.title, row.language))) for row in titles.itertuples()]
    terms = {"term": titles[["id", "day", "outlet"]].assign(key=words).explode("key").dropna(subset="key")}
    rows += _rows("all headlines", titles, terms, collected.assign(n_relevant=collected["n"]))
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def _titles(store) -> pd.DataFrame:
    frame = store.frame(
        f"""
        SELECT a.id, a.title, a.outlet, n.language, n.relevance = 'yes' AS relevant, {day_sql()} AS day
        FROM articles a JOIN annotations n ON n.article_id = a.id
        WHERE a.duplicate_of IS NULL AND a.published IS NOT NULL ORDER BY a.id
        """
    )
    return frame.assign(day=pd.to_datetime(frame["day"]))


def _rows(what: str, titles: pd.DataFrame, mentions: dict, collected: pd.DataFrame) -> list[dict]:
    days = bursts.exposure(collected)
    said = {day: titles[_says(titles["title"], about)] for day, about in ABOUT[what].items()}
    near = {day: some[_near(some["day"], day)] for day, some in said.items()}
    testable = [
        day for day, some in near.items()
        if len(some) >= bursts.MIN_ARTICLES and some["outlet"].nunique() >= bursts.MIN_OUTLETS
    ]  # fmt: skip
    relevant = collected.groupby("day")["n_relevant"].sum().reindex(days.index, fill_value=0)
    contenders = {"Lianwatch": (days, bursts.WINDOWS), "one day": (days, (1,))}
    if what == "relevant articles":
        contenders["share of relevant articles"] = (
            pd.DataFrame({"total": relevant, "exposure": relevant}),
            bursts.WINDOWS,
        )
    rows = []
    for method, (seen, windows) in contenders.items():
        bursts.WINDOWS = windows
        counts = {kind: emerging.counted(mentioned) for kind, mentioned in mentions.items()}
        found = {kind: bursts.bursts(some, seen) for kind, some in counts.items()}
        hit = [day for day in testable if _found(day, found, mentions, set(said[day]["id"]))]
        wrong = sum(bursts.false_alarms(some, seen, ROUNDS) for some in counts.values())
        rows.append(
            {"what": what, "method": method, "testable": len(testable), "found": len(hit), "false_alarms": wrong}
            | {"missed": " ".join(sorted(set(testable) - set(hit))), "bursts": sum(map(len, found.values()))}
        )
    bursts.WINDOWS = contenders["Lianwatch"][1]
    return rows


def _near(days: pd.Series, day: str) -> pd.Series:
    return (days - pd.Timestamp(day)).abs() <= DAY


def _says(titles: pd.Series, about: str) -> pd.Series:
    return titles.map(fold).str.contains(re.compile(about))


def _found(day: str, found: dict, mentions: dict, about: set[str]) -> bool:
    """Whether a burst ends within a day of `day` and at least half of its articles are among `about`."""
    for kind, some in found.items():
        for burst in some[_near(some["day"], day)].itertuples():
            mentioned = mentions[kind]
            inside = (mentioned["day"] <= burst.day) & (mentioned["day"] > burst.day - burst.days * DAY)
            ids = set(mentioned.loc[inside & (mentioned["key"] == burst.key), "id"])
            if len(ids & about) >= len(ids) / 2:
                return True
    return False
