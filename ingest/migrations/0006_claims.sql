CREATE TABLE feed_claims (feed_url TEXT PRIMARY KEY);
COMMENT ON TABLE feed_claims IS 'Rows that collectors of a server store lock while they fetch a feed; they say nothing else';
COMMENT ON COLUMN feed_claims.feed_url IS 'feeds.url';
