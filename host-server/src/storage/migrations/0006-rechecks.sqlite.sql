-- Connections that last long, as their owners registered them.
CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    class TEXT NOT NULL CHECK (class IN ('cti', 'ipsec', 'ldap')),
    peer TEXT NOT NULL,
    registered_by TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    serial TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    der BLOB NOT NULL,
    chain TEXT NOT NULL,
    store TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('cut', 'good', 'unjudged')),
    why TEXT NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX connections_newest ON connections (registered_at, id);
-- Whose status is looked at again: a certificate in a slot or a store, wherever it lies on, or behind a connection. The
-- issuer says who is asked with whom; the empty text as a connection is none.
CREATE TABLE checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    usage TEXT NOT NULL CHECK (usage IN ('identity', 'trust', 'connection')),
    room TEXT NOT NULL,
    connection TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    issuer TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('asked', 'schedule', 'upload')),
    due_at INTEGER,
    owner TEXT NOT NULL,
    owned_until INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    times INTEGER NOT NULL,
    checked_at INTEGER,
    status TEXT NOT NULL,
    decision TEXT NOT NULL,
    detail TEXT NOT NULL,
    verdict BLOB NOT NULL,
    since INTEGER,
    failures INTEGER NOT NULL,
    UNIQUE (usage, room, fingerprint, connection)
) STRICT;
CREATE INDEX checks_due ON checks (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX checks_unplanned ON checks (id) WHERE due_at IS NULL;
INSERT INTO checks (usage, room, connection, fingerprint, issuer, reason, due_at, owner, owned_until, claims, times,
    checked_at, status, decision, detail, verdict, since, failures)
SELECT usage, room, '', fingerprint, MIN(issuer_key), 'schedule', NULL, '', 0, 0, 0, NULL, 'unchecked', '', '', x'', NULL, 0
FROM entries GROUP BY usage, room, fingerprint;
