"""How a figure looks: colours, dashes, marker shapes and fonts, in light and in dark.

Colours are told apart with each common colour blindness and never carry a meaning alone: every series also has its
own dash and marker. The page's own colours are in `.streamlit/config.toml`; the two must agree on the background.
"""

from dataclasses import dataclass, replace

FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
"""Names a Chinese face of each system, so that saved images show Chinese too."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "triangle-down", "star")


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one theme. `series` is in order of use; `negative`/`positive` is the tone scale's ends."""

    dark: bool
    background: str
    text: str
    faint: str
    grid: str
    series: tuple[str, ...]
    negative: str
    neutral: str
    positive: str
    heat: tuple[str, str]
    touch: bool = False


LIGHT = Look(
    dark=False,
    background="#fcfbf8",
    text="#0f151d",
    faint="#646b75",
    grid="#e7e2d7",
    series=("#1b5a9c", "#b5491b", "#0d7466", "#7d4597", "#80600f", "#4b5563", "#ad2f6a", "#4d6e17"),
    negative="#b5491b",
    neutral="#8a8f98",
    positive="#0d7466",
    heat=("#fcfbf8", "#1b4f8a"),
)

DARK = Look(
    dark=True,
    background="#14181f",
    text="#e9e6df",
    faint="#a2a8b3",
    grid="#2b323e",
    series=("#82b4ee", "#f0985f", "#52c2ad", "#c8a0e2", "#dcb458", "#b0b8c4", "#f08fb6", "#a8ca66"),
    negative="#f0985f",
    neutral="#8a919d",
    positive="#52c2ad",
    heat=("#14181f", "#8cbcf2"),
)


def dash(number: int) -> str:
    return DASHES[number % len(DASHES)]


def symbol(number: int) -> str:
    return SYMBOLS[number % len(SYMBOLS)]


def look(dark: bool, touch: bool) -> Look:
    """The look of one reader's page; `touch`: dragging scrolls the page, so nothing may be brushed."""
    return replace(DARK if dark else LIGHT, touch=touch)
