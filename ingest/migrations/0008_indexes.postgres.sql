-- A row store finds by index what a column store finds by scanning one column.
CREATE INDEX articles_title_key ON articles (title_key);
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_duplicate ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX annotations_relevant ON annotations (article_id) WHERE relevance = 'yes';
