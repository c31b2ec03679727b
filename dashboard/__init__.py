"""The dashboard: frames become figures, figures become pages, pages become files on the reader's disk.

    data (the only cache) ─► views/* ─► charts (frame → figure, pure) ─► downloads
    filters: one object ⇄ widgets ⇄ URL
    ahead: the front page made ready before anybody asks

A view imports no other view. Nothing here computes a statistic and nothing here writes to the store.
"""
