"""What only the reader's browser can do: copy the address, draw a figure as an image, tell which mark was clicked."""

from collections.abc import Callable
from functools import cache
from importlib import resources

import streamlit as st

PLOTLY_PATH = "lianwatch/plotly.min.js"
"""Where `server` serves the plotly.js that comes with the plotly package."""


def copy_button(label: str, done: str) -> None:
    """A button that copies the address, with the address in a field above it."""
    _copier()(key="copy", data={"label": label, "done": done}, height="content")


def on_mark_clicked(key: str, panel: str, act: Callable[[dict], None]) -> None:
    """Call `act` with a clicked mark of the chart in the container `panel`: `x`, and `key`, its meta or customdata."""

    def clicked() -> None:
        if mark := st.session_state[key].clicked:
            act(mark)

    _clicker()(key=key, data={"panel": panel}, on_clicked_change=clicked, height="content")


def image_buttons(key: str, figure: dict, name: str, working: str, failed: str) -> None:
    """Buttons that save `figure` (its layout has width and height) as `name`.png, at twice the size, and `name`.svg."""
    base = st.get_option("server.baseUrlPath").strip("/")
    data = {
        "figure": figure,
        "name": name,
        "working": working,
        "failed": failed,
        "plotly": "/" + "/".join(part for part in (base, PLOTLY_PATH) if part),
    }
    _saver()(key=key, data=data, height="content")


@cache
def _copier():
    html = '<input readonly><button type="button"></button>'
    return st.components.v2.component("lianwatch_copy", html=html, css=_asset("parts.css"), js=_asset("copy.js"))


@cache
def _clicker():
    return st.components.v2.component("lianwatch_click", js=_asset("click.js"))


@cache
def _saver():
    html = (
        '<button type="button" data-format="png">PNG</button><button type="button" data-format="svg">SVG</button>'
        '<span role="status"></span>'
    )
    return st.components.v2.component("lianwatch_save", html=html, css=_asset("parts.css"), js=_asset("save.js"))


def _asset(name: str) -> str:
    return resources.files("dashboard").joinpath("assets", name).read_text(encoding="utf-8")
