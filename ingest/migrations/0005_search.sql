CREATE TABLE search_texts (
    article_id TEXT PRIMARY KEY,
    content_hash BIGINT NOT NULL,
    text TEXT NOT NULL
);
COMMENT ON TABLE search_texts IS 'What the search reads: the relevant articles, folded';
COMMENT ON COLUMN search_texts.article_id IS 'articles.id';
COMMENT ON COLUMN search_texts.content_hash IS 'articles.content_hash of the text that was folded';
COMMENT ON COLUMN search_texts.text IS 'Title and summary, normalised, lower case, traditional characters as simplified ones';
