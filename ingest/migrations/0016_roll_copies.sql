CREATE TABLE roll_copies (
    article_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    day DATE NOT NULL,
    outlet TEXT NOT NULL,
    language TEXT NOT NULL,
    story_id TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (article_id, kind, key)
);
COMMENT ON TABLE roll_copies IS 'Tones of relevant, dated articles whose story has copies: what bands read beside roll_day, under the same kinds and keys';
COMMENT ON COLUMN roll_copies.article_id IS 'articles.id';
COMMENT ON COLUMN roll_copies.kind IS 'relevant, target, theme or topic';
COMMENT ON COLUMN roll_copies.key IS 'Target, theme or topic id; empty for relevant';
COMMENT ON COLUMN roll_copies.day IS 'Day of publication in LIANWATCH_TIMEZONE';
COMMENT ON COLUMN roll_copies.outlet IS 'outlets.outlet';
COMMENT ON COLUMN roll_copies.language IS 'annotations.language';
COMMENT ON COLUMN roll_copies.story_id IS 'stories.story_id';
COMMENT ON COLUMN roll_copies.score IS 'Tone; toward the target where kind is target';

INSERT INTO roll_copies
SELECT c.article_id, c.kind, c.key, r.day, r.outlet, r.language, r.story_id, coalesce(c.score, r.score)
FROM relevant_articles r JOIN (
    SELECT article_id, 'relevant' AS kind, '' AS key, score FROM relevant_articles
    UNION ALL SELECT article_id, 'target', target, score FROM target_sentiment
    UNION ALL SELECT article_id, 'theme', theme, NULL FROM article_themes
    UNION ALL SELECT article_id, 'topic', '' || topic_id, NULL FROM article_topics
) c ON c.article_id = r.article_id
WHERE r.copies > 0 AND r.day IS NOT NULL AND coalesce(c.score, r.score) IS NOT NULL;
