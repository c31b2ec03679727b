CREATE TABLE backfills (
    via TEXT NOT NULL,
    feed_url TEXT NOT NULL,
    part TEXT NOT NULL,
    status TEXT NOT NULL,
    articles INTEGER NOT NULL,
    done_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (via, feed_url, part)
);
COMMENT ON TABLE backfills IS 'Parts of the past that have been asked for and answered, so that a backfill goes on where it was stopped';
COMMENT ON COLUMN backfills.via IS 'search (dated windows of a search feed) or wayback (archived copies of a feed)';
COMMENT ON COLUMN backfills.feed_url IS 'feeds.url';
COMMENT ON COLUMN backfills.part IS 'First and last day of a window, or the time stamp of a copy';
COMMENT ON COLUMN backfills.status IS 'Status word (ingest.model.STATUSES), or split: so full that its halves are asked for too';
COMMENT ON COLUMN backfills.articles IS 'Articles in the answer';
COMMENT ON COLUMN backfills.done_at IS 'When it was answered';
