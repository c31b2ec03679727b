-- A store that is being read again begins that anew: its twins have not the columns of now.
DROP TABLE IF EXISTS next_annotations;
DROP TABLE IF EXISTS next_target_sentiment;
DROP TABLE IF EXISTS next_article_themes;
DROP TABLE IF EXISTS next_article_entities;
DROP TABLE IF EXISTS next_roll_day;
DROP TABLE IF EXISTS next_relevant_articles;

-- DuckDB drops no column of a table with a key: it is made anew. Its text lies as it is: to unpack it took three
-- quarters of a search.
ALTER TABLE relevant_articles RENAME TO relevant_articles_before;
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
    copies INTEGER NOT NULL,
    text TEXT USING COMPRESSION uncompressed NOT NULL
);
INSERT INTO relevant_articles
SELECT r.article_id, r.content_hash, r.published, r.day, r.outlet, r.language, r.score, r.label, r.abstain, r.vader,
       r.story_id, r.is_original, coalesce(c.copies, 0), r.text
FROM relevant_articles_before r LEFT JOIN (
    SELECT story_id, count(*) - 1 AS copies FROM relevant_articles_before WHERE copied GROUP BY story_id
) c ON c.story_id = r.story_id;
DROP TABLE relevant_articles_before;
COMMENT ON TABLE relevant_articles IS 'The relevant articles that count, each with all that questions choose and add up by: what article lists and the search read';
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
COMMENT ON COLUMN relevant_articles.copies IS 'How many other articles its story has';
COMMENT ON COLUMN relevant_articles.text IS 'Title and summary for the search: normalised, lower case, traditional characters as simplified ones';
