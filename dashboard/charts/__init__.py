"""Charts: a frame of `analysis.queries` becomes a Plotly figure as a plain dict, with a sentence on what it shows.

    frame ─► lines | multiples | bars | heat | study ─► Chart(figure, alt)     marks: numbered events on a time axis
                                                                               intervals: the shade around a line

Pure: nothing here reads the store, keeps state, writes into its input or knows Streamlit. Figures are dicts and lists,
not `go.Figure`, which costs five times as much. All text that may come from a feed goes through `layout.escape`,
since Plotly renders some HTML in labels and hover boxes.
"""
