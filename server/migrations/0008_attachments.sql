-- The size in pixels of an image that says so.
ALTER TABLE uploads ADD COLUMN width BIGINT;
ALTER TABLE uploads ADD COLUMN height BIGINT;
-- What it counts for in its owner's `upload_bytes`. Earlier uploads count for their size.
ALTER TABLE uploads ADD COLUMN counted BIGINT;
