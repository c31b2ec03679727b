"""The dashboard: frames become figures, figures become pages, pages become files on the reader's disk.

    data (the only cache) ─► views/* ─► charts (frame → figure, pure) ─► downloads
    filters: one object ⇄ widgets ⇄ URL
    ahead: the front page made ready before anybody asks

    around it       __main__ (`make run`), server (headers, addresses that are no pages), memory, login,
                    alerts (an Atom feed)
    a page          app ─► frame + bar + summary ─► views/*, each given a reader
    its parts       panel (a chart and all that is done with it), trendlines, happening, turning, emerging, stories
    what they need  words (i18n), theme, method_text, provenance, safe (text from feeds), browser

A view imports no other view. Nothing here computes a statistic and nothing here writes to the store.
"""
