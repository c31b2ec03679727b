"""Files of a chart: what they are called, what is written in them, and the page made on the server.

Every file says by itself what it shows: title, period and bucket, n, filters, versions, time zone and the address that
leads back to it. PNG and SVG are drawn in the reader's browser from the same figure (`browser.image_buttons`); CSV and
Parquet are made by `analysis.export`.
"""

import html
import json
import re
import textwrap
from dataclasses import dataclass
from importlib import resources

from dashboard.charts.layout import LABEL_SIZE, Chart, escape
from dashboard.theme import FONT, Look

IMAGE_WIDTH = 1100
TITLE_HEIGHT = 58
LINE_HEIGHT = 17
LINE_CHARACTERS = 150
"""Characters of a source line that fit IMAGE_WIDTH."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written around a saved chart: its title and, below it, lines on what it shows and where it is from."""

    title: str
    lines: tuple[str, ...]


def file_name(what: str, first, last, freq: str, extra: tuple[str, ...] = ()) -> str:
    """`lianwatch_coverage_2019-10-01_2019-12-31_week`, without an ending."""
    parts = ["lianwatch", what, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}", freq, *extra[:3]]
    return "_".join(re.sub(r"[^\w-]+", "-", part).strip("-") for part in parts if part)[:120]


def with_caption(chart: Chart, caption: Caption, look: Look) -> dict:
    """The figure with its caption inside, at a fixed width, for an image or a page of its own."""
    lines = [piece for line in caption.lines for piece in textwrap.wrap(line, LINE_CHARACTERS)]
    layout = chart.figure["layout"]
    margin, below = layout["margin"], LINE_HEIGHT * len(lines) + 14
    height = layout["height"] + TITLE_HEIGHT + below
    plot_height = layout["height"] - margin["t"] - margin["b"]
    notes = {
        "text": "<br>".join(map(escape, lines)), "showarrow": False, "align": "left", "xref": "paper", "yref": "paper",
        "x": 0, "xanchor": "left", "xshift": 16 - margin["l"], "y": -(margin["b"] + 6) / plot_height, "yanchor": "top",
        "font": {"size": LABEL_SIZE - 1, "color": look.faint},
    }  # fmt: skip
    title = {"text": f"<b>{escape(caption.title)}</b>", "x": 16 / IMAGE_WIDTH, "xanchor": "left", "yref": "container",
             "y": 1 - 28 / height, "font": {"size": 20, "color": look.text}}  # fmt: skip
    changed = {
        "width": IMAGE_WIDTH,
        "height": height,
        "title": title,
        "margin": {**margin, "l": max(margin["l"], 16), "t": margin["t"] + TITLE_HEIGHT, "b": margin["b"] + below},
        "annotations": [*layout.get("annotations", []), notes],
        "dragmode": False,
    }
    return {"data": chart.figure["data"], "layout": {**layout, **changed}}


def page_html(figure: dict, caption: Caption, alt: str, language: str) -> bytes:
    """One file that opens without a network: the figure, live, with plotly.js inside."""
    page = resources.files("dashboard").joinpath("assets", "chart.html").read_text(encoding="utf-8")
    script = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    blanks = {
        "language": html.escape(language, quote=True),
        "title": html.escape(caption.title),
        "alt": html.escape(alt, quote=True),
        "background": html.escape(figure["layout"]["paper_bgcolor"], quote=True),
        "font": html.escape(FONT, quote=True),
        "figure": script_json(figure),
        "plotly": script.replace("</script", "<\\/script"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda blank: blanks[blank[1]], page).encode()


def script_json(value) -> str:
    """JSON that can stand inside a script element whatever text is in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
