// The database: users, channels, members, messages, and the log of each channel, in SQLite.
import Database from 'better-sqlite3';

const TABLES = `
  CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    image TEXT
  );
  CREATE TABLE IF NOT EXISTS channels (
    id TEXT PRIMARY KEY,
    name TEXT,
    seq INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS members (
    channel_id TEXT NOT NULL REFERENCES channels (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (channel_id, user_id)
  );
  CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES channels (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    content TEXT NOT NULL,
    reply_to_id TEXT REFERENCES messages (id),
    client_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS messages_history ON messages (channel_id, id);
  CREATE TABLE IF NOT EXISTS log (
    channel_id TEXT NOT NULL REFERENCES channels (id),
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (channel_id, seq)
  ) WITHOUT ROWID;
`;

export class Store {
  #database;
  #statements;
  #insert;

  constructor(path) {
    this.#database = new Database(path);
    // With FULL, a commit is on disk when it returns.
    for (const setting of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) this.#database.pragma(setting);
    this.#database.exec(TABLES);
    this.#statements = {
      putUser: this.#database.prepare(
        `INSERT INTO users (id, name, image) VALUES (@id, @name, @image)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, image = excluded.image`,
      ),
      isMember: this.#database.prepare('SELECT 1 FROM members WHERE channel_id = ? AND user_id = ?').pluck(),
      message: this.#database.prepare(
        `SELECT m.*, u.name, u.image FROM messages m JOIN users u ON u.id = m.user_id WHERE m.id = ? AND m.channel_id = ?`,
      ),
      insertMessage: this.#database.prepare(
        `INSERT INTO messages (id, channel_id, user_id, content, reply_to_id, client_id, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      nextSeq: this.#database.prepare('UPDATE channels SET seq = seq + 1 WHERE id = ? RETURNING seq').pluck(),
      insertEntry: this.#database.prepare('INSERT INTO log (channel_id, seq, event, data) VALUES (?, ?, ?, ?)'),
    };
    this.#insert = this.#database.transaction((message, now) => {
      const { id, channelId, userId, content, replyToId, clientId } = message;
      this.#statements.insertMessage.run(id, channelId, userId, content, replyToId, clientId, now, now);
      const seq = this.#statements.nextSeq.get(channelId);
      this.#statements.insertEntry.run(channelId, seq, 'new_message', JSON.stringify(message));
      return seq;
    });
  }

  /** Loads the users and the channels of a world file. */
  loadWorld({ users, channels }) {
    const putChannel = this.#database.prepare('INSERT OR REPLACE INTO channels (id, name) VALUES (?, ?)');
    const putMember = this.#database.prepare('INSERT OR IGNORE INTO members (channel_id, user_id) VALUES (?, ?)');
    this.#database.transaction(() => {
      for (const user of users) this.putUser(user);
      for (const { id, name, members } of channels) {
        putChannel.run(id, name);
        for (const member of members) putMember.run(id, member);
      }
    })();
  }

  putUser({ id, name, image = null }) {
    this.#statements.putUser.run({ id, name, image });
  }

  isMember(channelId, userId) {
    return this.#statements.isMember.get(channelId, userId) === 1;
  }

  /** A message of the channel, as others show it that reply to it; undefined if there is none. */
  message(channelId, id) {
    const row = this.#statements.message.get(id, channelId);
    return (
      row && {
        id: row.id,
        content: row.content,
        channelId: row.channel_id,
        userId: row.user_id,
        createdAt: new Date(row.created_at).toISOString(),
        updatedAt: new Date(row.updated_at).toISOString(),
        replyToId: row.reply_to_id,
        clientId: row.client_id,
        user: { id: row.user_id, name: row.name, image: row.image },
        replyTo: null,
        attachments: [],
        reactions: [],
        reactionCounts: [],
      }
    );
  }

  /** Inserts a message and the log's entry of it in one transaction; returns the entry's number. */
  insertMessage(message, now) {
    return this.#insert(message, now);
  }

  close() {
    this.#database.close();
  }
}
