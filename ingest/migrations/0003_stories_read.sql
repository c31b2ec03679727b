DROP INDEX stories_story;
ALTER TABLE stories ADD COLUMN content_hash BIGINT;
ALTER TABLE stories ADD COLUMN relevant BOOLEAN;
CREATE INDEX stories_story ON stories (story_id);
COMMENT ON COLUMN stories.content_hash IS 'articles.content_hash of the text that was compared; another one now: compare again';
COMMENT ON COLUMN stories.relevant IS 'Whether the article counted as relevant when compared; only equals share a story';
