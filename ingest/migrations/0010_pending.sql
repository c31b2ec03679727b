CREATE TABLE pending_articles (
    step TEXT NOT NULL,
    article_id TEXT NOT NULL,
    taken BOOLEAN NOT NULL,
    PRIMARY KEY (step, article_id)
);
COMMENT ON TABLE pending_articles IS 'Articles that a step of the analysis has still to look at; marked in the transaction that changed them';
COMMENT ON COLUMN pending_articles.step IS 'annotate or group';
COMMENT ON COLUMN pending_articles.article_id IS 'articles.id';
COMMENT ON COLUMN pending_articles.taken IS 'True while a run is at work on it; marked anew meanwhile, it is false and stays';

CREATE TABLE pending_days (
    day DATE PRIMARY KEY,
    taken BOOLEAN NOT NULL
);
COMMENT ON TABLE pending_days IS 'Days whose rows in roll_day and relevant_articles have still to be made again';
COMMENT ON COLUMN pending_days.day IS 'Day in LIANWATCH_TIMEZONE; 0001-01-01 stands for articles without a date';
COMMENT ON COLUMN pending_days.taken IS 'True while a run is at work on it; marked anew meanwhile, it is false and stays';

CREATE TABLE relevant_articles (
    article_id TEXT PRIMARY KEY,
    content_hash BIGINT NOT NULL,
    published TIMESTAMPTZ,
    day DATE,
    outlet TEXT NOT NULL,
    language TEXT NOT NULL,
    score DOUBLE PRECISION,
    label TEXT,
    abstain BOOLEAN NOT NULL,
    vader DOUBLE PRECISION,
    story_id TEXT NOT NULL,
    is_original BOOLEAN NOT NULL,
    copied BOOLEAN NOT NULL,
    text TEXT NOT NULL
);
COMMENT ON TABLE relevant_articles IS 'The relevant articles that count, each with all that questions choose and add up by: what article lists, the search and bands read';
COMMENT ON COLUMN relevant_articles.article_id IS 'articles.id';
COMMENT ON COLUMN relevant_articles.content_hash IS 'articles.content_hash of the text that was folded';
COMMENT ON COLUMN relevant_articles.published IS 'articles.published';
COMMENT ON COLUMN relevant_articles.day IS 'Day of publication in LIANWATCH_TIMEZONE; NULL where undated';
COMMENT ON COLUMN relevant_articles.outlet IS 'outlets.outlet';
COMMENT ON COLUMN relevant_articles.language IS 'annotations.language';
COMMENT ON COLUMN relevant_articles.score IS 'annotations.score';
COMMENT ON COLUMN relevant_articles.label IS 'annotations.label';
COMMENT ON COLUMN relevant_articles.abstain IS 'annotations.abstain';
COMMENT ON COLUMN relevant_articles.vader IS 'annotations.vader';
COMMENT ON COLUMN relevant_articles.story_id IS 'stories.story_id; the article itself where it is in no story yet';
COMMENT ON COLUMN relevant_articles.is_original IS 'stories.is_original; true where it is in no story yet';
COMMENT ON COLUMN relevant_articles.copied IS 'Whether its story has copies';
COMMENT ON COLUMN relevant_articles.text IS 'Title and summary for the search: normalised, lower case, traditional characters as simplified ones';

DROP TABLE search_texts;
DROP TABLE roll_copies;

-- What a store of before has still to do. All its days are made again, since relevant_articles is empty.
INSERT INTO pending_articles
SELECT 'annotate', a.id, FALSE FROM articles a
WHERE (a.duplicate_of IS NULL) <> EXISTS (
    SELECT 1 FROM annotations n WHERE n.article_id = a.id AND n.content_hash = a.content_hash);
INSERT INTO pending_articles
SELECT 'group', n.article_id, FALSE FROM annotations n
WHERE NOT EXISTS (SELECT 1 FROM stories s WHERE s.article_id = n.article_id AND s.content_hash = n.content_hash);
