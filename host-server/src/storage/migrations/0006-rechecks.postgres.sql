-- Connections that last long, as their owners registered them.
CREATE TABLE connections (
    id TEXT COLLATE "C" PRIMARY KEY,
    class TEXT COLLATE "C" NOT NULL CHECK (class IN ('cti', 'ipsec', 'ldap')),
    peer TEXT COLLATE "C" NOT NULL,
    registered_by TEXT COLLATE "C" NOT NULL,
    registered_at BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL CHECK (length(fingerprint) = 32),
    der BYTEA NOT NULL,
    chain TEXT COLLATE "C" NOT NULL,
    store TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('cut', 'good', 'unjudged')),
    why TEXT COLLATE "C" NOT NULL,
    ended_at BIGINT
);
CREATE INDEX connections_newest ON connections (registered_at, id);
-- Whose status is looked at again: a certificate in a slot or a store, wherever it lies on, or behind a connection. The
-- issuer says who is asked with whom; the empty text as a connection is none.
CREATE TABLE checks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    usage TEXT COLLATE "C" NOT NULL CHECK (usage IN ('identity', 'trust', 'connection')),
    room TEXT COLLATE "C" NOT NULL,
    connection TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason IN ('asked', 'schedule', 'upload')),
    due_at BIGINT,
    owner TEXT COLLATE "C" NOT NULL,
    owned_until BIGINT NOT NULL,
    claims BIGINT NOT NULL,
    times BIGINT NOT NULL,
    checked_at BIGINT,
    status TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    verdict BYTEA NOT NULL,
    since BIGINT,
    failures BIGINT NOT NULL,
    UNIQUE (usage, room, fingerprint, connection)
);
CREATE INDEX checks_due ON checks (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX checks_unplanned ON checks (id) WHERE due_at IS NULL;
INSERT INTO checks (usage, room, connection, fingerprint, issuer, reason, due_at, owner, owned_until, claims, times,
    checked_at, status, decision, detail, verdict, since, failures)
SELECT usage, room, '', fingerprint, MIN(issuer_key), 'schedule', CAST(NULL AS BIGINT), '', 0, 0, 0, CAST(NULL AS BIGINT), 'unchecked', '', '', ''::bytea, CAST(NULL AS BIGINT), 0
FROM entries GROUP BY usage, room, fingerprint;
