-- The room log. Times are integer milliseconds since 1970.

-- The log's epoch: a random text in one row.
CREATE TABLE log_epoch (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL
);

INSERT INTO log_epoch (id, epoch) VALUES (1, replace(gen_random_uuid()::TEXT, '-', ''));

-- The rooms that have had entries. Pages keep space for the next versions of their rows, which change with every entry.
CREATE TABLE log_heads (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope TEXT NOT NULL,
    room TEXT NOT NULL,
    -- The number of the newest entry. Whoever moves it holds the room until the end of the transaction, so that numbers are
    -- given in the order of commits.
    newest BIGINT NOT NULL,
    UNIQUE (scope, room)
) WITH (fillfactor = 50);

CREATE TABLE log_entries (
    -- The room, by its `id` in `log_heads`.
    log BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    event TEXT NOT NULL,
    -- The payload without `seq`. NULL if the entry has been forgotten.
    data TEXT,
    -- The version of the schema.
    version TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    about TEXT,
    embeds TEXT,
    PRIMARY KEY (log, seq)
);

CREATE INDEX log_entries_about ON log_entries (about) WHERE about IS NOT NULL;
CREATE INDEX log_entries_embedding ON log_entries (embeds) WHERE embeds IS NOT NULL;

-- What has been sent once, for good.
CREATE TABLE log_keys (
    author TEXT NOT NULL,
    event TEXT NOT NULL,
    scope TEXT NOT NULL,
    room TEXT NOT NULL,
    client_id TEXT NOT NULL,
    -- Of the payload.
    fingerprint TEXT NOT NULL,
    -- Of the entry that was written then.
    seq BIGINT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (author, event, scope, room, client_id)
);
