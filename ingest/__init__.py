"""Collecting: from a list of feeds to articles in the store.

    feeds.toml ── config ─► Feed ── fetch ─► FetchResult ── parse ─► Article ── store ─► articles, sightings, revisions

`update` walks that line for every feed that is due; `schedule` decides when a feed is due again (a pure function);
`files` reads the same articles out of documents and tables on disk; `backfill` asks archives for the past.
Nothing in this package knows about sentiment, topics or charts.
"""
