-- What the private key of a slot's certificate is kept under; empty for what is only believed, and for what came before
-- this was kept: then no key is destroyed.
ALTER TABLE entries ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
CREATE INDEX entries_key ON entries (key_id) WHERE usage = 'identity';
