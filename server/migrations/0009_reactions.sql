-- The reactions to a message, oldest first, without reading the table: a message shows the oldest ones, and counts all of them.
CREATE INDEX reactions_of_message ON reactions (message_id, id, emoji);
