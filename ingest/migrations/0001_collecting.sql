CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
COMMENT ON TABLE meta IS 'Facts about the store itself: data_version, engine, knowledge, ...';
COMMENT ON COLUMN meta.key IS 'Name of the fact';
COMMENT ON COLUMN meta.value IS 'Its value as text';

CREATE TABLE feeds (
    url TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    outlet TEXT,
    group_id TEXT NOT NULL,
    language TEXT NOT NULL,
    timezone TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    subscribed BOOLEAN NOT NULL,
    moved_to TEXT,
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    status TEXT,
    error TEXT,
    failures DOUBLE PRECISION NOT NULL,
    interval_minutes DOUBLE PRECISION NOT NULL,
    last_checked TIMESTAMPTZ,
    last_success TIMESTAMPTZ,
    last_full TIMESTAMPTZ,
    last_new TIMESTAMPTZ,
    next_due TIMESTAMPTZ
);
COMMENT ON TABLE feeds IS 'One row a subscription, with its health';
COMMENT ON COLUMN feeds.url IS 'Address as subscribed; the identity of the feed';
COMMENT ON COLUMN feeds.name IS 'Name for readers';
COMMENT ON COLUMN feeds.outlet IS 'Outlet of every entry; NULL for a search feed, whose entries name their own';
COMMENT ON COLUMN feeds.group_id IS 'Outlet group (ingest.model.GROUPS)';
COMMENT ON COLUMN feeds.language IS 'Language the feed is written in (BCP 47: en, zh, zh-Hant)';
COMMENT ON COLUMN feeds.timezone IS 'IANA zone of times that carry none';
COMMENT ON COLUMN feeds.sample IS 'True for invented sample data';
COMMENT ON COLUMN feeds.subscribed IS 'False once the feed left the subscription; its articles stay';
COMMENT ON COLUMN feeds.moved_to IS 'Address of the last permanent redirect, fetched instead of url';
COMMENT ON COLUMN feeds.etag IS 'ETag of the last answer';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified of the last answer, as given';
COMMENT ON COLUMN feeds.body_hash IS 'SHA-256 of the last parsed body';
COMMENT ON COLUMN feeds.status IS 'Status word of the last fetch (ingest.model.STATUSES)';
COMMENT ON COLUMN feeds.error IS 'One line about the last failure; NULL after a success';
COMMENT ON COLUMN feeds.failures IS 'Weighted failures since the last success: hard 1, soft 1/2, temporary 1/4';
COMMENT ON COLUMN feeds.interval_minutes IS 'Present polling interval';
COMMENT ON COLUMN feeds.last_checked IS 'Start of the last fetch';
COMMENT ON COLUMN feeds.last_success IS 'Start of the last fetch that answered with a document or "not modified"';
COMMENT ON COLUMN feeds.last_full IS 'Start of the last unconditional fetch';
COMMENT ON COLUMN feeds.last_new IS 'Start of the last fetch that brought a new article';
COMMENT ON COLUMN feeds.next_due IS 'Not fetched before this time; NULL: due now';

CREATE TABLE fetches (
    feed_url TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    status TEXT NOT NULL,
    http_status INTEGER,
    bytes BIGINT,
    new_count INTEGER NOT NULL,
    updated_count INTEGER NOT NULL,
    seen_count INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (feed_url, started_at)
);
COMMENT ON TABLE fetches IS 'One row a fetch: what was asked, what came';
COMMENT ON COLUMN fetches.feed_url IS 'feeds.url';
COMMENT ON COLUMN fetches.started_at IS 'When the request was sent';
COMMENT ON COLUMN fetches.status IS 'Status word (ingest.model.STATUSES)';
COMMENT ON COLUMN fetches.http_status IS 'HTTP status code; NULL where none came';
COMMENT ON COLUMN fetches.bytes IS 'Decoded size of the body';
COMMENT ON COLUMN fetches.new_count IS 'Articles stored for the first time';
COMMENT ON COLUMN fetches.updated_count IS 'Articles whose title or summary changed';
COMMENT ON COLUMN fetches.seen_count IS 'Articles that were stored already, unchanged';
COMMENT ON COLUMN fetches.ms IS 'Milliseconds from request to parsed document';
COMMENT ON COLUMN fetches.error IS 'One line about the failure; NULL on success';

CREATE TABLE outlets (
    outlet TEXT PRIMARY KEY,
    group_id TEXT NOT NULL,
    sample BOOLEAN NOT NULL
);
COMMENT ON TABLE outlets IS 'Every outlet that has an article';
COMMENT ON COLUMN outlets.outlet IS 'Name for readers';
COMMENT ON COLUMN outlets.group_id IS 'Outlet group (ingest.model.GROUPS)';
COMMENT ON COLUMN outlets.sample IS 'True for an invented outlet of the sample data';

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    url TEXT,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    outlet TEXT NOT NULL,
    language TEXT,
    published TIMESTAMPTZ,
    published_offset INTEGER,
    published_quality TEXT NOT NULL,
    first_seen TIMESTAMPTZ NOT NULL,
    text_at TIMESTAMPTZ NOT NULL,
    title_key BIGINT NOT NULL,
    duplicate_of TEXT,
    content_hash BIGINT NOT NULL
);
COMMENT ON TABLE articles IS 'Every article ever shown by a feed or file, relevant or not: the denominator of each share';
COMMENT ON COLUMN articles.id IS 'Digest of the canonical URL, or of feed and guid where there is no link';
COMMENT ON COLUMN articles.url IS 'Canonical URL (http or https); NULL where there is none';
COMMENT ON COLUMN articles.title IS 'Latest title, plain text';
COMMENT ON COLUMN articles.summary IS 'Latest summary, plain text, may be empty';
COMMENT ON COLUMN articles.outlet IS 'outlets.outlet';
COMMENT ON COLUMN articles.language IS 'Language declared by the feed; NULL where none was (the detected one is annotations.language)';
COMMENT ON COLUMN articles.published IS 'Time of publication; NULL where unknown, never a stand-in';
COMMENT ON COLUMN articles.published_offset IS 'UTC offset in minutes the time was given with; NULL where none was';
COMMENT ON COLUMN articles.published_quality IS 'exact, date_only, guessed (zone from the feed, not the entry) or missing';
COMMENT ON COLUMN articles.first_seen IS 'When a feed or file first showed it here';
COMMENT ON COLUMN articles.text_at IS 'When the present title and summary were shown: a later text replaces an earlier one';
COMMENT ON COLUMN articles.title_key IS 'Signed 64-bit digest of outlet and folded title; 0 where the title is too short to tell articles apart';
COMMENT ON COLUMN articles.duplicate_of IS 'Id of the same article under another address (same outlet and title within 7 days); NULL for the article itself. Duplicates are neither counted nor shown';
COMMENT ON COLUMN articles.content_hash IS 'Signed 64-bit digest of url, title, summary, outlet and published: sums to the data version';

CREATE TABLE sightings (
    article_id TEXT NOT NULL,
    feed_url TEXT NOT NULL,
    guid TEXT,
    first_seen TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (article_id, feed_url)
);
COMMENT ON TABLE sightings IS 'Which feed or file showed which article';
COMMENT ON COLUMN sightings.article_id IS 'articles.id';
COMMENT ON COLUMN sightings.feed_url IS 'feeds.url, or the path of an imported file';
COMMENT ON COLUMN sightings.guid IS 'The entry''s own identifier in that feed';
COMMENT ON COLUMN sightings.first_seen IS 'When that feed first showed it';

CREATE TABLE revisions (
    article_id TEXT NOT NULL,
    content_hash BIGINT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    replaced_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (article_id, content_hash)
);
COMMENT ON TABLE revisions IS 'Earlier titles and summaries of an article';
COMMENT ON COLUMN revisions.article_id IS 'articles.id';
COMMENT ON COLUMN revisions.content_hash IS 'Signed 64-bit digest of the article''s id and the earlier title and summary';
COMMENT ON COLUMN revisions.title IS 'Earlier title';
COMMENT ON COLUMN revisions.summary IS 'Earlier summary';
COMMENT ON COLUMN revisions.replaced_at IS 'articles.text_at of the text that stood when this one was filed';
