-- How far a member has read: the position of the message, so that a receipt never goes back, and its id. A receipt ends with
-- its membership.
ALTER TABLE members ADD COLUMN read_position BIGINT;
ALTER TABLE members ADD COLUMN read_message_id TEXT;
ALTER TABLE members ADD COLUMN read_at BIGINT;
