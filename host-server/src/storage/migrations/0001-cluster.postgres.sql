-- The state of the cluster. Times are seconds since 1970-01-01T00:00:00Z; the empty text as a node is the whole cluster.
CREATE TABLE state (id BIGINT PRIMARY KEY CHECK (id = 1), version BIGINT NOT NULL);
INSERT INTO state (id, version) VALUES (1, 0);

CREATE TABLE nodes (
    name TEXT COLLATE "C" PRIMARY KEY CHECK (name <> ''),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('publisher', 'subscriber'))
);
CREATE UNIQUE INDEX one_publisher ON nodes (role) WHERE role = 'publisher';
CREATE TABLE loaded (node TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, seen_at BIGINT NOT NULL);

CREATE TABLE certificates (
    fingerprint BYTEA PRIMARY KEY CHECK (length(fingerprint) = 32),
    der BYTEA NOT NULL
);
CREATE TABLE entries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    usage TEXT COLLATE "C" NOT NULL CHECK (usage IN ('identity', 'trust')),
    room TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL REFERENCES certificates (fingerprint),
    subject_key TEXT COLLATE "C" NOT NULL,
    issuer_key TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    common_name TEXT COLLATE "C" NOT NULL,
    common_name_folded TEXT COLLATE "C" NOT NULL,
    common_name_sort TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    key_type TEXT COLLATE "C" NOT NULL,
    key_bits BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    is_authority BIGINT NOT NULL CHECK (is_authority IN (0, 1)),
    origin TEXT COLLATE "C" NOT NULL CHECK (origin IN ('self-signed', 'issued', 'uploaded', 'copied')),
    active_from BIGINT,
    description TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (usage, room, fingerprint, node)
);
CREATE INDEX entries_fingerprint ON entries (fingerprint);
CREATE INDEX entries_subject_key ON entries (subject_key);
CREATE INDEX entries_issuer_key ON entries (issuer_key);
-- One for each order of the list.
CREATE INDEX entries_by_common_name ON entries (common_name_sort, id);
CREATE INDEX entries_by_expiry ON entries (not_after, id);
CREATE INDEX entries_by_key_type ON entries (key_type, id);
CREATE INDEX entries_by_usage ON entries (usage, id);

CREATE TABLE tombstones (
    usage TEXT COLLATE "C" NOT NULL,
    room TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    removed_at BIGINT NOT NULL,
    removed_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (usage, room, fingerprint, node)
);
CREATE TABLE keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    purpose TEXT COLLATE "C" NOT NULL,
    algorithm TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE TABLE requests (
    purpose TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    der BYTEA NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL REFERENCES keys (id),
    added_at BIGINT NOT NULL,
    added_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (purpose, node)
);
CREATE TABLE policies (
    scope TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    added_at BIGINT NOT NULL,
    added_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, number)
);
CREATE UNIQUE INDEX one_active_policy ON policies (scope) WHERE active = 1;
CREATE TABLE operations (id TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, applied_at BIGINT NOT NULL);
