-- What was accepted of OCSP responses and lists, for the certificates that verdicts rested on: to say what another mode
-- would do, never to decide with. One body stands for all certificates that it speaks of; the empty octets as a hash are
-- a body that was too large to be kept.
CREATE TABLE evidence_bodies (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    octets INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX evidence_bodies_age ON evidence_bodies (recorded_at, sha256, octets);
CREATE TABLE evidence (
    certificate BLOB NOT NULL CHECK (length(certificate) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('ocsp-response', 'crl')),
    uri TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    octets INTEGER NOT NULL,
    this_update INTEGER,
    fresh_until INTEGER,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (certificate, kind, uri)
) STRICT;
CREATE INDEX evidence_sha256 ON evidence (sha256);
CREATE INDEX evidence_age ON evidence (recorded_at, certificate, kind, uri);
-- Whom the certificate behind a connection is by, as entries have it: lists name certificates by it and the serial number.
-- Connections that are there have it in what is known of their checks.
ALTER TABLE connections ADD COLUMN issuer_key TEXT NOT NULL DEFAULT '';
UPDATE connections SET issuer_key = COALESCE(
    (SELECT MIN(c.issuer) FROM checks c WHERE c.usage = 'connection' AND c.connection = connections.id), '');
CREATE INDEX connections_issued ON connections (issuer_key, serial) WHERE ended_at IS NULL;
