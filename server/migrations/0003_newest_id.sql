-- The id of the newest message of each room, deleted or not: what comes after it gets a greater one, whatever a node's clock says.
ALTER TABLE rooms ADD COLUMN newest_id TEXT NOT NULL DEFAULT '';
UPDATE rooms SET newest_id = COALESCE(
    (SELECT MAX(id) FROM messages WHERE messages.scope = rooms.scope AND messages.room_id = rooms.id), '');
