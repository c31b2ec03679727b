"""A report of one period that one can mail or print: one HTML file, no script, nothing fetched.

What is said, in what tone toward what, what moved, which articles were behind it, and how far to trust it. Everything
that comes from a feed is escaped; a link is written only where it is http or https.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from importlib import resources

import pandas as pd

from analysis import queries
from analysis.briefing_charts import bars, whiskers
from analysis.moves import Move, leading_stories, moves
from analysis.provenance import Provenance
from analysis.selection import Frequency, Selection
from ingest.config import is_web_address
from ingest.model import GROUPS
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

_METHOD = """
<p>An article counts once, under its first address, on its day of publication; undated ones are left out here. It is
counted where it is about China and blockchain, crypto or the digital yuan. <em>Share</em> is of all articles of the
same outlets. <em>Tone</em> runs from -1 to 1 and is read by a statistical model that errs on single headlines; means
need five scored articles. Lines are 95 % bands that count a story and its copies as one observation. A move is a
week, day or month outside its own past; of all listed, at most one in twenty is expected to be chance. The report
describes coverage as collected here. It does not show what caused a move, nor what was published elsewhere.</p>
"""


def briefing(store: Store, selection: Selection, source: Provenance) -> str:
    """The report as HTML. The selection must have a start and an end."""
    freq = frequency(selection.start, selection.end)
    past = replace(selection, start=_past_start(selection), end=selection.start - timedelta(days=1))
    frame = queries.series(store, selection, freq)
    body = [f"<h1>Blockchain in China: {selection.start} to {selection.end}</h1>"]
    if source.sample:
        body.append('<p class="notice">These are invented sample articles, by outlets that do not exist.</p>')
    if frame.empty or not frame["n"].sum():
        body.append("<p>No relevant article was collected in this period.</p>")
    else:
        body += _filled(store, selection, past, freq, frame)
    body += ["<h2>Method and caveats</h2>", _METHOD, f'<p class="small">{escape(source.to_json())}</p>']
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Lianwatch briefing {selection.start} to \
{selection.end}</title><style>{_STYLE}</style><body>{"".join(body)}</body></html>\n'


def frequency(start: date, end: date) -> Frequency:
    """The bucket that draws a period with a readable number of bars."""
    days = (end - start).days + 1
    return "day" if days <= DAYS_BY_WEEK else "week" if days <= DAYS_BY_MONTH else "month"


def _past_start(selection: Selection) -> date:
    return selection.start - (selection.end - selection.start) - timedelta(days=1)


def _filled(store: Store, selection: Selection, past: Selection, freq: Frequency, frame: pd.DataFrame) -> list[str]:
    return [
        _summary(frame, queries.series(store, past, "whole", bands=False)),
        f"<h2>Articles by {freq}</h2>",
        bars(frame, f"Relevant articles by {freq}"),
        "<h2>Tone toward each target</h2>",
        _targets(_compared(store, selection, past, "target")),
        "<h2>Tone of each group against its own past</h2>",
        _groups(_compared(store, selection, past, "group")),
        "<h2>What moved</h2>",
        _moves(store, selection, moves(store, selection, freq), freq),
        "<h2>Stories that ran most widely</h2>",
        _stories(leading_stories(store, selection, 10)),
        "<h2>Dated events of the period</h2>",
        _events(queries.events(selection.start, selection.end)),
    ]


def _summary(frame: pd.DataFrame, past: pd.DataFrame) -> str:
    n, n_all, n_stories = (int(frame[name].sum()) for name in ("n", "n_all", "n_stories"))
    text = f"{n:,} relevant articles in {n_stories:,} stories, {n / n_all:.1%} of the {n_all:,} articles collected."
    if len(past) and past["n_all"].iloc[0]:
        before = past.iloc[0]
        text += f" In the period before: {before['n']:,} of {before['n_all']:,} ({before['share']:.1%})."
    if frame["gap"].any():
        text += f" On {int(frame['gap'].sum())} of {len(frame)} bars nothing was collected: they are gaps, not zeros."
    return f"<p>{text}</p>"


def _compared(store: Store, selection: Selection, past: Selection, by: str) -> pd.DataFrame:
    now = queries.series(store, selection, "whole", by)
    before = queries.series(store, past, "whole", by, bands=False).set_index("key")["mean"]
    return now[now["n"] > 0].assign(past=now["key"].map(before))


def _targets(frame: pd.DataFrame) -> str:
    named = frame.assign(key=frame["key"].map(target_names()))
    drawn, thin = named.dropna(subset=["mean"]), named[named["mean"].isna()]
    text = "Filled: this period with its 95 % band. Hollow: the period of the same length before."
    if len(thin):
        text += " Too few articles for a mean: " + ", ".join(f"{row.key} ({row.n})" for row in thin.itertuples()) + "."
    chart = whiskers(drawn, "Mean tone toward each target; hollow: the period before") if len(drawn) else ""
    return f'{chart}<p class="small">{escape(text)}</p>'


def target_names() -> dict[str, str]:
    text = (resources.files("analysis.knowledge") / "targets.json").read_text(encoding="utf-8")
    return {target["id"]: target["name_en"] for target in json.loads(text)["targets"]}


def _groups(frame: pd.DataFrame) -> str:
    rows = [
        (GROUPS.get(row.key, row.key), row.n, _number(row.mean), _number(row.past), _number(row.mean - row.past))
        for row in frame.itertuples()
    ]
    return _table(("Group", "Articles", "Tone", "Before", "Change"), rows)


def _moves(store: Store, selection: Selection, found: list[Move], freq: Frequency) -> str:
    if not found:
        return "<p>Nothing left its own past by more than chance allows. Where the past is thin, that says little.</p>"
    shown = sorted(found, key=lambda move: -abs(move.z))[:MOVES_SHOWN]
    items = [_move(store, selection, move, freq) for move in sorted(shown, key=lambda move: move.bucket)]
    more = f"<p>{len(found) - len(shown)} smaller moves are left out.</p>" if len(found) > len(shown) else ""
    return f"<ul>{''.join(items)}</ul>{more}"


def _move(store: Store, selection: Selection, move: Move, freq: Frequency) -> str:
    if move.figure == "volume":
        words = f"{move.value:.0f} articles where {move.past:.1f} were expected"
    else:
        words = f"tone toward {target_names()[move.target]} {move.value:+.2f} against {move.past:+.2f} before"
    last = pd.Timestamp(move.bucket).to_period({"day": "D", "week": "W-SUN", "month": "M"}[freq]).end_time.date()
    targets = (move.target,) if move.target else selection.targets
    behind = replace(selection, start=max(move.bucket, selection.start), end=min(last, selection.end), targets=targets)
    stories = leading_stories(store, behind, STORIES_A_MOVE)
    return f"<li><strong>{move.bucket}</strong>: {escape(words)}.{_stories(stories)}</li>"


def _stories(frame: pd.DataFrame) -> str:
    items = [
        f"<li>{_link(row.title, row.url)} <span class='small'>{escape(row.outlet)}, {row.published:%Y-%m-%d}"
        f"{f', {row.articles} articles' if row.articles > 1 else ''}</span></li>"
        for row in frame.itertuples()
    ]
    return f"<ul>{''.join(items)}</ul>"


def _events(frame: pd.DataFrame) -> str:
    if frame.empty:
        return "<p>None is listed.</p>"
    return _table(("Day", "Event"), [(f"{row.date:%Y-%m-%d}", row.label_en) for row in frame.itertuples()])


def _table(head: tuple[str, ...], rows: list[tuple]) -> str:
    lines = ["".join(f"<th>{escape(name)}</th>" for name in head)]
    lines += ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _link(title: str, url: str | None) -> str:
    if isinstance(url, str) and is_web_address(url):
        return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(title)}</a>'
    return escape(title)


def _number(value: float) -> str:
    return "too few" if pd.isna(value) else f"{value:+.2f}"
