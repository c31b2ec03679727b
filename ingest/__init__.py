"""Collecting: from a list of feeds, or files on disk, to articles in the store.

    feeds.toml ─ config ─► Feed ─ schedule ─► FetchRequest ─ fetch ─► FetchResult ─ parse ─► Article ─ upsert ─► store

`update` walks that line for every feed that is due and keeps what is known of each in `feedstates`; `schedule` decides
when a feed is due again, and how it is asked. Three more ways lead to the same articles:

    import      files (feed documents, or tables of headlines: tables, delimited; packed) ─► upsert
    backfill    past (windows of a search, archived copies) ─► fetch ─► parse ─► upsert
    sample      invented documents ─► parse ─► upsert

    fetch       transport + addresses (may a feed lead there?), turns and robots (politeness), decoding (unpacking),
                freshness (headers)
    parse       encoding ─► wellformed + elements, or safe_xml + feedparser, or jsonfeed ─► entries
    entries     plaintext, dates + zones, urls, outlets ─► Article
                (unparsed keeps what could not be read)
    upsert      identity (what is one article, what is kept of it: pure functions), pending (what is to be analysed)
    store       store_base ─► store_duckdb + duckdb_engine, turnstile; store_postgres, store_clickhouse +
                clickhouse_sql, frames; migrating; held (for one page); lock (one
                collector at a time); copying (to another store)
    feeds       subscription (the list, edited), probe and discovery (is there a feed?), health (how is it doing?)

Nothing in this package knows about sentiment, topics or charts.
"""
