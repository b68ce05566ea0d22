-- The id that its author's client has given a message.
ALTER TABLE messages ADD COLUMN client_id TEXT;
