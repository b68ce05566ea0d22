-- Written in the part of SQL that SQLite and PostgreSQL share. Times are integer milliseconds since 1970.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT,
    image TEXT,
    -- What the user's uploads that have not been removed take up.
    upload_bytes BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE rooms (
    scope TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    -- The position of the newest message. Whoever increments it holds the room until the end of the transaction, so that
    -- positions are given in the order of commits.
    last_position BIGINT NOT NULL DEFAULT 0,
    -- How many messages have not been deleted.
    message_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, id)
);

CREATE TABLE members (
    scope TEXT NOT NULL,
    room_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (scope, room_id, user_id),
    FOREIGN KEY (scope, room_id) REFERENCES rooms (scope, id)
);

CREATE INDEX members_of_user ON members (user_id, scope, room_id);

CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    room_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    content TEXT NOT NULL,
    reply_to_id TEXT REFERENCES messages (id),
    forwarded_from_id TEXT REFERENCES messages (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    FOREIGN KEY (scope, room_id) REFERENCES rooms (scope, id)
);

-- History is read from it, newest first; deleted messages cost nothing there.
CREATE UNIQUE INDEX messages_history ON messages (scope, room_id, position) WHERE deleted_at IS NULL;

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    filename TEXT NOT NULL UNIQUE,
    original_name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- How many messages that have not been deleted show it. Counted here, in the row that every change of it locks, so
    -- that no message can come to show an upload while it is being removed.
    live_messages BIGINT NOT NULL DEFAULT 0,
    -- When it was first attached to a message.
    attached_at BIGINT,
    -- When it stopped being served for good.
    removed_at BIGINT,
    -- When its bytes were known to be gone.
    purged_at BIGINT
);

CREATE INDEX uploads_unused ON uploads (created_at) WHERE live_messages = 0 AND purged_at IS NULL;

CREATE TABLE message_attachments (
    message_id TEXT NOT NULL REFERENCES messages (id),
    attachment_id TEXT NOT NULL REFERENCES uploads (id),
    ordinal BIGINT NOT NULL,
    PRIMARY KEY (message_id, attachment_id)
);

CREATE INDEX message_attachments_of_upload ON message_attachments (attachment_id);

CREATE TABLE reactions (
    id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES messages (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    emoji TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (message_id, user_id, emoji)
);
