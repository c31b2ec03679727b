"""A report of one period that one can mail or print: one HTML file, no script, nothing fetched.

What is said, in what tone toward what, what moved, which articles were behind it, and how far to trust it, in the words
of `knowledge/briefing.json`. Everything that comes from a feed is escaped; a link is written only where it is http or
https.
"""

from dataclasses import replace
from datetime import date, timedelta
from html import escape

import pandas as pd

from analysis import knowledge, queries
from analysis.briefing_charts import bars, whiskers
from analysis.moves import Move, leading_stories, moves
from analysis.provenance import Provenance
from analysis.selection import Frequency, Selection
from ingest.config import is_web_address
from ingest.store import Store

DAYS_BY_WEEK = 62
"""Periods longer than this are drawn by week; those longer than DAYS_BY_MONTH by month."""

DAYS_BY_MONTH = 800
MOVES_SHOWN = 12
STORIES_A_MOVE = 3

_STYLE = """
body{font:16px/1.5 "Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;color:#22303c;
max-width:760px;margin:2rem auto;padding:0 1rem} h1{line-height:1.2} h2{margin-top:2.2rem} svg{width:100%;height:auto}
svg text{font-size:12px} table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid #d5dee3} td.n,th.n{text-align:right} .small{font-size:.85rem;color:#4a5b67}
.notice{background:#fff3d6;padding:.6rem 1rem} @media print{body{margin:0;max-width:none} a{color:inherit}}
"""

LANGUAGES = ("en", "zh")


class Words(dict):
    """The report's texts in one language, by key, and the names of ids in it."""

    def __init__(self, language: str) -> None:
        super().__init__(knowledge.load("briefing")[language])
        self.language = language

    def name(self, kind: str, key: str) -> str:
        return knowledge.names(kind, self.language).get(key, key)


def briefing(store: Store, selection: Selection, source: Provenance, language: str = "en") -> str:
    """The report as HTML in one of LANGUAGES. The selection must have a start and an end."""
    words = Words(language)
    period = {"start": selection.start, "end": selection.end}
    freq = frequency(selection.start, selection.end)
    past = _past(selection)
    frame = queries.series(store, selection, freq)
    body = [f"<h1>{words['title'].format(**period)}</h1>"]
    if source.sample:
        body.append(f'<p class="notice">{words["sample"]}</p>')
    if frame.empty or not frame["n"].sum():
        body.append(f"<p>{words['nothing']}</p>")
    else:
        body += _filled(store, selection, past, freq, frame, words)
    body += [f"<h2>{words['method']}</h2><p>{words['caveats']}</p>", f'<p class="small">{escape(source.to_json())}</p>']
    title = words["page"].format(**period)
    return f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>\
<body>{"".join(body)}</body></html>\n'


def frequency(start: date, end: date) -> Frequency:
    """The bucket that draws a period with a readable number of bars."""
    days = (end - start).days + 1
    return "day" if days <= DAYS_BY_WEEK else "week" if days <= DAYS_BY_MONTH else "month"


def _past(selection: Selection) -> Selection:
    """As many days just before; fewer where the calendar begins."""
    end = max(selection.start, date.min + timedelta(days=1)) - timedelta(days=1)
    return replace(selection, start=end - min(selection.end - selection.start, end - date.min), end=end)


def _filled(
    store: Store, selection: Selection, past: Selection, freq: Frequency, frame: pd.DataFrame, words: Words
) -> list[str]:
    return [
        _summary(frame, queries.series(store, past, "whole", bands=False), words),
        f"<h2>{words[freq]}</h2>",
        bars(frame, words[freq], words["bar"], words["gap"]),
        f"<h2>{words['targets']}</h2>",
        _targets(_compared(store, selection, past, "target"), words),
        f"<h2>{words['groups']}</h2>",
        _groups(_compared(store, selection, past, "group"), words),
        f"<h2>{words['moves']}</h2>",
        _moves(store, selection, moves(store, selection, freq), freq, words),
        f"<h2>{words['stories']}</h2>",
        _stories(leading_stories(store, selection, 10), words),
        f"<h2>{words['events']}</h2>",
        _events(queries.events(selection.start, selection.end), words),
    ]


def _summary(frame: pd.DataFrame, past: pd.DataFrame, words: Words) -> str:
    n, n_all, n_stories = (int(frame[name].sum()) for name in ("n", "n_all", "n_stories"))
    text = words["summary"].format(n=n, n_stories=n_stories, n_all=n_all, share=n / n_all)
    if len(past) and past["n_all"].iloc[0]:
        before = past.iloc[0]
        text += words["before"].format(n=before["n"], n_all=before["n_all"], share=before["share"])
    if frame["gap"].any():
        text += words["gaps"].format(gaps=int(frame["gap"].sum()), bars=len(frame))
    return f"<p>{text}</p>"


def _compared(store: Store, selection: Selection, past: Selection, by: str) -> pd.DataFrame:
    now = queries.series(store, selection, "whole", by)
    before = queries.series(store, past, "whole", by, bands=False).set_index("key")["mean"]
    return now[now["n"] > 0].assign(past=now["key"].map(before))


def _targets(frame: pd.DataFrame, words: Words) -> str:
    named = frame.assign(key=[words.name("targets", key) for key in frame["key"]])
    drawn, thin = named.dropna(subset=["mean"]), named[named["mean"].isna()]
    text = words["target_note"]
    if len(thin):
        text += words["thin"].format(names=", ".join(f"{row.key} ({row.n})" for row in thin.itertuples()))
    chart = whiskers(drawn, words["target_chart"]) if len(drawn) else ""
    return f'{chart}<p class="small">{escape(text)}</p>'


def _groups(frame: pd.DataFrame, words: Words) -> str:
    rows = [
        (words.name("groups", row.key), row.n)
        + tuple(_number(value, words) for value in (row.mean, row.past, row.mean - row.past))
        for row in frame.itertuples()
    ]
    return _table(words["group_columns"], rows)


def _moves(store: Store, selection: Selection, found: list[Move], freq: Frequency, words: Words) -> str:
    if not found:
        return f"<p>{words['no_moves']}</p>"
    shown = sorted(found, key=lambda move: -abs(move.z))[:MOVES_SHOWN]
    items = [_move(store, selection, move, freq, words) for move in sorted(shown, key=lambda move: move.bucket)]
    left_out = len(found) - len(shown)
    more = f"<p>{words['more_moves'].format(n=left_out)}</p>" if left_out else ""
    return f"<ul>{''.join(items)}</ul>{more}"


def _move(store: Store, selection: Selection, move: Move, freq: Frequency, words: Words) -> str:
    target = words.name("targets", move.target) if move.target else None
    said = words[move.figure].format(value=move.value, past=move.past, target=target)
    last = pd.Timestamp(move.bucket).to_period({"day": "D", "week": "W-SUN", "month": "M"}[freq]).end_time.date()
    targets = (move.target,) if move.target else selection.targets
    behind = replace(selection, start=max(move.bucket, selection.start), end=min(last, selection.end), targets=targets)
    stories = leading_stories(store, behind, STORIES_A_MOVE)
    return f"<li><strong>{move.bucket}</strong>: {escape(said)}{_stories(stories, words)}</li>"


def _stories(frame: pd.DataFrame, words: Words) -> str:
    items = [
        f"<li>{_link(row.title, row.url)} <span class='small'>{escape(row.outlet)}, {row.published:%Y-%m-%d}"
        f"{', ' + words['articles'].format(n=row.articles) if row.articles > 1 else ''}</span></li>"
        for row in frame.itertuples()
    ]
    return f"<ul>{''.join(items)}</ul>"


def _events(frame: pd.DataFrame, words: Words) -> str:
    if frame.empty:
        return f"<p>{words['no_events']}</p>"
    rows = zip(frame["date"].dt.strftime("%Y-%m-%d"), frame[f"label_{words.language}"], strict=True)
    return _table(words["event_columns"], list(rows))


def _table(head: list[str], rows: list[tuple]) -> str:
    lines = ["".join(f"<th>{escape(name)}</th>" for name in head)]
    lines += ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _link(title: str, url: str | None) -> str:
    if isinstance(url, str) and is_web_address(url):
        return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(title)}</a>'
    return escape(title)


def _number(value: float, words: Words) -> str:
    return words["too_few"] if pd.isna(value) else f"{value:+.2f}"
