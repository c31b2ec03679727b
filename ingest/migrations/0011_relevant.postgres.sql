CREATE INDEX relevant_articles_published ON relevant_articles (published);
CREATE INDEX relevant_articles_copied ON relevant_articles (day) WHERE copied;
