CREATE TABLE roll_copies (
    article_id TEXT PRIMARY KEY,
    story_id TEXT NOT NULL,
    day DATE NOT NULL,
    outlet TEXT NOT NULL,
    language TEXT NOT NULL,
    score DOUBLE PRECISION
);
COMMENT ON TABLE roll_copies IS 'Relevant, dated articles of stories that have copies: what bands read beside roll_day';
COMMENT ON COLUMN roll_copies.article_id IS 'articles.id';
COMMENT ON COLUMN roll_copies.story_id IS 'stories.story_id';
COMMENT ON COLUMN roll_copies.day IS 'Day of publication in LIANWATCH_TIMEZONE';
COMMENT ON COLUMN roll_copies.outlet IS 'outlets.outlet';
COMMENT ON COLUMN roll_copies.language IS 'annotations.language';
COMMENT ON COLUMN roll_copies.score IS 'annotations.score';
