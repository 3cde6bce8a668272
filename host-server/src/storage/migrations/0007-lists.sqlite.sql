-- Lists of what authorities revoked, as they were downloaded: which are watched and when each is due, and the last one
-- that was taken, by the public key of its issuer.
CREATE TABLE list_sources (
    uri TEXT PRIMARY KEY,
    most_octets INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    owner TEXT NOT NULL,
    owned_until INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    tried_at INTEGER,
    trouble TEXT NOT NULL,
    trouble_since INTEGER
) STRICT;
CREATE INDEX list_sources_due ON list_sources (due_at);
CREATE TABLE lists (
    uri TEXT NOT NULL REFERENCES list_sources (uri),
    issuer_public_key BLOB NOT NULL CHECK (length(issuer_public_key) = 32),
    issuer TEXT NOT NULL,
    der BLOB NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    number TEXT NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER,
    downloaded_at INTEGER NOT NULL,
    PRIMARY KEY (uri, issuer_public_key)
) STRICT;
-- How those that are asked for revocation status answer, by the hour; additive, so that every node adds its own.
CREATE TABLE weather (
    hour INTEGER NOT NULL,
    kind TEXT NOT NULL,
    authority TEXT NOT NULL,
    requests INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    slowest INTEGER NOT NULL,
    this_update INTEGER,
    fresh_until INTEGER,
    PRIMARY KEY (hour, kind, authority)
) STRICT;
-- Of these requests, those that failed for one reason (`failed timeout`) or took at most so long (`within 100`).
CREATE TABLE weather_counts (
    hour INTEGER NOT NULL,
    kind TEXT NOT NULL,
    authority TEXT NOT NULL,
    counted TEXT NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (hour, kind, authority, counted)
) STRICT;
-- What expires and is not kept as a certificate in a place: certificates of OCSP responders that were seen, by SHA-256.
CREATE TABLE observed (
    watched BLOB PRIMARY KEY CHECK (length(watched) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('responder', 'revocation-list')),
    subject TEXT NOT NULL,
    serial TEXT NOT NULL,
    place TEXT NOT NULL,
    begins INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX observed_expires ON observed (expires, watched);
