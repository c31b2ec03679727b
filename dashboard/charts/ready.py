"""A figure that is handed to Streamlit as it is.

`st.plotly_chart` rebuilds and checks a plain dict property by property, a third of a page's run; it takes a figure of
Plotly's own class on trust. Our figures are checked where they are made: in the tests, by that same class.
"""

from plotly.basedatatypes import BaseFigure


class ReadyFigure(BaseFigure):
    """Plotly's figure class around a finished dict. It can only be shown: nothing is validated or changed."""

    def __init__(self, figure: dict) -> None:
        self._figure = figure

    def to_dict(self) -> dict:
        return self._figure
