ALTER TABLE feeds ADD COLUMN ttl_minutes DOUBLE PRECISION;
COMMENT ON COLUMN feeds.ttl_minutes IS 'Minutes that its last document asks to wait between two fetches (ttl, or sy:updatePeriod); NULL: none';
