-- Who may call. A password is kept as its argon2id hash, a token as its SHA-256.
CREATE TABLE accounts (
    name TEXT COLLATE "C" PRIMARY KEY CHECK (name <> ''),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'operator', 'trust-admin', 'auditor')),
    password TEXT COLLATE "C",
    disabled BIGINT NOT NULL CHECK (disabled IN (0, 1)),
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE tokens (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (name),
    hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
    scope TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT
);
CREATE INDEX tokens_account ON tokens (account);
