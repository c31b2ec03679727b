"""From `results/*.json` to tables: on the screen, in docs/measured.md and, the shortest, in the README.

A document says with two comments where its tables stand; what is between them is written anew, the rest stays.
"""

import ast
import json
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
RESULTS = HERE / "results"
BEGIN, END = "<!-- begin: written by make bench -->", "<!-- end: written by make bench -->"


class Cell(NamedTuple):
    """A figure of a result: the row that has `where`, and its `column`."""

    where: dict
    column: str


class Headline(NamedTuple):
    """A line of the README: a figure of ours and of what else one would pick, from one run of `benchmark`."""

    what: str
    benchmark: str
    ours: Cell
    peer_name: str
    peer: Cell


def _by_contender(what: str, column: str, peer: str, ours: str = "Lianwatch, transfer") -> Headline:
    return Headline(what, "sentiment", Cell({"contender": ours}, column), peer, Cell({"contender": peer}, column))


def _side_by_side(what: str, benchmark: str, where: dict, peer: str, peer_column: str) -> Headline:
    return Headline(what, benchmark, Cell(where, "ours"), peer, Cell(where, peer_column))


def _served(what: str, readers: int) -> Headline:
    two, one = ({"dashboards": count, "readers": readers} for count in (2, 1))
    return Headline(what, "serving", Cell(two, "p95 ms"), "one process", Cell(one, "p95 ms"))


HEADLINES = (
    _by_contender("tone toward each target, real headlines: accuracy", "targets", "VADER (nltk)"),
    _by_contender("tone of a headline, real ones: accuracy", "tone", "VADER (nltk)"),
    _by_contender("plain VADER, the same figures: texts a second", "texts/s en", "VADER (nltk)", "VADER (Lianwatch)"),
    _side_by_side("main theme, real headlines: accuracy", "annotation",
                  {"what": "main theme", "on": "open headlines"}, "plain word lists", "plain"),
    Headline("feeds into the store", "collecting", Cell({"what": "173 feeds: lianwatch"}, "figure"),
             "reader", Cell({"what": "173 feeds: reader"}, "figure")),
    Headline("topics of BBC news: coherence (NPMI)", "topics",
             Cell({"what": "BBC, k=10/20/30/50", "method": "Lianwatch"}, "npmi"),
             "BERTopic", Cell({"what": "BBC, k=10/20/30/50", "method": "BERTopic"}, "npmi")),
    _side_by_side("bands hold the truth where stories are copied (nominal .95)", "trends",
                  {"case": "bands: many copies"}, "resampled articles", "peer"),
    Headline("a page of 1,000,000 articles, known selection: p95 in ms", "dashboard",
             Cell({"articles": 1_000_000, "run": "known", "readers": 1}, "p95 ms"), "a hello-world page",
             Cell({"articles": 1_000_000, "run": "known", "readers": 1}, "hello p95 ms")),
    Headline("the same, a selection nobody asked for before: p95 in ms", "dashboard",
             Cell({"articles": 1_000_000, "run": "new", "readers": 1}, "p95 ms"), "a page of pandas frames",
             Cell({"articles": 1_000_000, "run": "new, naive pandas page", "readers": 1}, "p95 ms")),
    _served("40 readers behind nginx, two processes: p95 in ms", 40),
)  # fmt: skip


def names() -> list[str]:
    """The benchmarks: modules that have a `measure`."""
    return sorted(file.stem for file in HERE.glob("*.py") if "\ndef measure(" in file.read_text(encoding="utf-8"))


def docstring(name: str) -> str:
    return ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))) or name


def results(name: str) -> list[dict]:
    """Rows of the last run; none where it never ran."""
    file = RESULTS / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []


def with_other_sizes(rows: list[dict], before: list[dict]) -> list[dict]:
    """`rows`, and of the rows `before` those of sizes that were not measured now; smallest first."""
    measured = {row.get("articles") for row in rows}
    kept = [row for row in before if row.get("articles") is not None and row["articles"] not in measured]
    if measured == {None} or not kept:
        return rows
    return sorted([*rows, *kept], key=lambda row: row["articles"])


def plain(rows: list[dict]) -> str:
    """A table for a terminal."""
    cells = _cells(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in lines)


def markdown(rows: list[dict]) -> str:
    head, *body = [[text.replace("|", "\\|") for text in line] for line in _cells(rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body])


def _cells(rows: list[dict]) -> list[list[str]]:
    head = list(dict.fromkeys(key for row in rows for key in row))
    return [head, *([_shown(row.get(key)) for key in head] for row in rows)]


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str("" if value is None else value)


def write_documents(root: Path = HERE.parent) -> None:
    """Write the tables into README.md and docs/measured.md. Raises ValueError where one has lost its marks."""
    _write(root / "README.md", markdown(headlines()))
    _write(root / "docs" / "measured.md", "\n\n".join(_section(name) for name in names() if results(name)))


def headlines() -> list[dict]:
    """The lines of HEADLINES whose figures are there."""
    lines = []
    for line in HEADLINES:
        rows = results(line.benchmark)
        ours, peer = (_found(rows, cell) for cell in (line.ours, line.peer))
        if ours is not None and peer is not None:
            lines.append({"what": line.what, "Lianwatch": ours, "beside it": f"{line.peer_name}: {_shown(peer)}"})
    return lines


def _found(rows: list[dict], cell: Cell) -> object:
    matching = (row for row in rows if all(row.get(key) == value for key, value in cell.where.items()))
    return next(matching, {}).get(cell.column)


def _section(name: str) -> str:
    title, _, rest = docstring(name).partition("\n")
    return f"## {name}\n\n{title}\n{rest}\n\n{markdown(results(name))}"


def _write(document: Path, text: str) -> None:
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{document}: the tables stand between '{BEGIN}' and '{END}'")
    document.write_text(f"{before}{BEGIN}\n{text or 'Nothing was measured yet.'}\n{END}{after}", encoding="utf-8")
