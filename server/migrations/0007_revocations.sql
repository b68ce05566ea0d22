-- The newest revocation of each user. Tokens that were issued up to the end of its second are refused.
CREATE TABLE revocations (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    -- Greater than those of all that were committed before, so that each server finds what it does not know yet.
    number BIGINT NOT NULL UNIQUE,
    revoked_at BIGINT NOT NULL
);

-- The last number. Whoever increments it holds it until the end of the transaction.
INSERT INTO settings (name, value) VALUES ('revocations', '0');
