-- The state of the cluster. Times are seconds since 1970-01-01T00:00:00Z; the empty text as a node is the whole cluster.
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO state (id, version) VALUES (1, 0);

CREATE TABLE nodes (
    name TEXT PRIMARY KEY CHECK (name <> ''),
    role TEXT NOT NULL CHECK (role IN ('publisher', 'subscriber'))
) STRICT;
CREATE UNIQUE INDEX one_publisher ON nodes (role) WHERE role = 'publisher';
CREATE TABLE loaded (node TEXT PRIMARY KEY, version INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT;

CREATE TABLE certificates (
    fingerprint BLOB PRIMARY KEY CHECK (length(fingerprint) = 32),
    der BLOB NOT NULL
) STRICT;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    usage TEXT NOT NULL CHECK (usage IN ('identity', 'trust')),
    room TEXT NOT NULL,
    node TEXT NOT NULL,
    fingerprint BLOB NOT NULL REFERENCES certificates (fingerprint),
    subject_key TEXT NOT NULL,
    issuer_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    common_name TEXT NOT NULL,
    common_name_folded TEXT NOT NULL,
    common_name_sort TEXT NOT NULL,
    serial TEXT NOT NULL,
    key_type TEXT NOT NULL,
    key_bits INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    is_authority INTEGER NOT NULL CHECK (is_authority IN (0, 1)),
    origin TEXT NOT NULL CHECK (origin IN ('self-signed', 'issued', 'uploaded', 'copied')),
    active_from INTEGER,
    description TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (usage, room, fingerprint, node)
) STRICT;
CREATE INDEX entries_fingerprint ON entries (fingerprint);
CREATE INDEX entries_subject_key ON entries (subject_key);
CREATE INDEX entries_issuer_key ON entries (issuer_key);
-- One for each order of the list, with all that its filters look at, so that no row is read that is not shown.
CREATE INDEX entries_by_common_name ON entries (common_name_sort, id, common_name_folded, not_after, key_type, usage, room, node);
CREATE INDEX entries_by_expiry ON entries (not_after, id, common_name_folded, key_type, usage, room, node);
CREATE INDEX entries_by_key_type ON entries (key_type, id, common_name_folded, not_after, usage, room, node);
CREATE INDEX entries_by_usage ON entries (usage, id, common_name_folded, not_after, key_type, room, node);

CREATE TABLE tombstones (
    usage TEXT NOT NULL,
    room TEXT NOT NULL,
    node TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    removed_at INTEGER NOT NULL,
    removed_by TEXT NOT NULL,
    PRIMARY KEY (usage, room, fingerprint, node)
) STRICT;
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    sealed BLOB NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE requests (
    purpose TEXT NOT NULL,
    node TEXT NOT NULL,
    der BLOB NOT NULL,
    key_id TEXT NOT NULL REFERENCES keys (id),
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (purpose, node)
) STRICT;
CREATE TABLE policies (
    scope TEXT NOT NULL,
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (scope, number)
) STRICT;
CREATE UNIQUE INDEX one_active_policy ON policies (scope) WHERE active = 1;
CREATE TABLE operations (id TEXT PRIMARY KEY, version INTEGER NOT NULL, applied_at INTEGER NOT NULL) STRICT;
