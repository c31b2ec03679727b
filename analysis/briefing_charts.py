"""The briefing's charts as inline SVG: no script, no library, sharp in print. Pure functions of frames."""

from html import escape

import pandas as pd

WIDTH, HEIGHT, MARGIN = 720, 200, 36
INK, ACCENT, PALE = "#22303c", "#1f6f8b", "#9fb8c4"
ROW = 26


def bars(frame: pd.DataFrame, title: str, bar: str, gap: str) -> str:
    """Articles by bucket; partial buckets pale, gaps a dash on the axis. `bar` and `gap` are what a bucket says when
    pointed at, with blanks for its day, n and n_all."""
    top = max(int(frame["n"].max()), 1)
    step = (WIDTH - 2 * MARGIN) / len(frame)
    marks = []
    for place, row in enumerate(frame.itertuples()):
        x, tall = MARGIN + place * step, (HEIGHT - 2 * MARGIN) * row.n / top
        label = (gap if row.gap else bar).format(day=f"{row.bucket:%Y-%m-%d}", n=row.n, n_all=row.n_all)
        colour = PALE if row.partial or row.gap else ACCENT
        marks.append(
            f'<rect x="{x:.1f}" y="{HEIGHT - MARGIN - max(tall, 1):.1f}" width="{max(step - 1, 1):.1f}" '
            f'height="{max(tall, 1):.1f}" fill="{colour}"><title>{escape(label)}</title></rect>'
        )
    first, last = (f"{frame['bucket'].iloc[place]:%Y-%m-%d}" for place in (0, -1))
    axis = (
        f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{HEIGHT - MARGIN}" y2="{HEIGHT - MARGIN}" stroke="{INK}"/>'
        + _text(MARGIN, HEIGHT - MARGIN + 18, first)
        + _text(WIDTH - MARGIN, HEIGHT - MARGIN + 18, last, "end")
        + _text(MARGIN - 6, MARGIN + 4, str(top), "end")
    )
    return _svg(HEIGHT, title, axis + "".join(marks))


def whiskers(frame: pd.DataFrame, title: str) -> str:
    """Mean and band of each key on the scale -1 to 1: columns key, mean, lo, hi, n_scored, past (hollow)."""
    left, right = 220, WIDTH - 90

    def x(value: float) -> float:
        return left + (value + 1) / 2 * (right - left)

    height = ROW * (len(frame) + 2)
    parts = [f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{ROW / 2}" y2="{height - ROW}" stroke="{PALE}"/>']
    parts += [_text(x(value), height - 8, label, "middle") for value, label in ((-1, "-1"), (0, "0"), (1, "+1"))]
    for place, row in enumerate(frame.itertuples()):
        y = ROW * (place + 1)
        parts.append(_text(left - 12, y + 4, row.key, "end"))
        parts.append(_text(right + 12, y + 4, f"n {row.n_scored}"))
        if pd.notna(row.lo):
            ends = f'x1="{x(row.lo):.1f}" x2="{x(row.hi):.1f}" y1="{y}" y2="{y}"'
            parts.append(f'<line {ends} stroke="{ACCENT}" stroke-width="2"/>')
        if pd.notna(row.past):
            parts.append(f'<circle cx="{x(row.past):.1f}" cy="{y}" r="5" fill="none" stroke="{INK}"/>')
        if pd.notna(row.mean):
            parts.append(f'<circle cx="{x(row.mean):.1f}" cy="{y}" r="4" fill="{ACCENT}"/>')
    return _svg(height, title, "".join(parts))


def _svg(height: int, title: str, content: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{content}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(words)}</text>'
