-- Managing clients: names as they are compared and sorted, the chain of the audit trail, and why
-- clients were refused.
-- {{binary}} is the engine's collation that compares byte by byte.

ALTER TABLE client ADD COLUMN name_key TEXT {{binary}} NOT NULL DEFAULT '';
UPDATE client SET name_key = LOWER(name);
CREATE INDEX client_by_name ON client (owner_level, owner_id, name_key, id);
CREATE INDEX client_by_type ON client (owner_level, owner_id, app_type, id);
CREATE INDEX client_by_created ON client (owner_level, owner_id, created_at, id);
CREATE INDEX client_by_updated ON client (owner_level, owner_id, updated_at, id);

ALTER TABLE client_secret ADD COLUMN last_used_from TEXT NOT NULL DEFAULT '';
ALTER TABLE client_key ADD COLUMN last_used_from TEXT NOT NULL DEFAULT '';

-- id: sorts by time and then by link; events from before the chain get one of their number.
-- link: the event's place in its owner's chain, from 1; null for events before there was a chain.
-- hash: over the hash before it and all of the event, under a key that hangs on the master key.
ALTER TABLE audit_event ADD COLUMN id TEXT {{binary}} NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN client_id TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN link BIGINT;
ALTER TABLE audit_event ADD COLUMN hash TEXT NOT NULL DEFAULT '';
UPDATE audit_event
SET id = SUBSTR('000000000000000000000000', 1, 24 - LENGTH(CAST(seq AS TEXT))) || CAST(seq AS TEXT);
DROP INDEX audit_event_owner;
CREATE UNIQUE INDEX audit_event_link ON audit_event (owner_id, link);
CREATE INDEX audit_event_id ON audit_event (owner_id, id);
CREATE INDEX audit_event_time ON audit_event (owner_id, at, id);
CREATE INDEX audit_event_name ON audit_event (owner_id, event, at, id);
CREATE INDEX audit_event_actor ON audit_event (owner_id, actor_id, at, id);
CREATE INDEX audit_event_subject ON audit_event (owner_id, subject, at, id);

-- The end of each owner's chain: it moves in the transaction of the event. seal: under the same
-- key, so that an earlier end cannot be made from the rows.
CREATE TABLE audit_chain (
    owner_id TEXT   NOT NULL PRIMARY KEY,
    link     BIGINT NOT NULL,
    hash     TEXT   NOT NULL,
    seal     TEXT   NOT NULL
);

-- The newest refusals of a client, for its administrators: a few of each reason.
CREATE TABLE client_failure (
    seq       {{sequence}},
    owner_id  TEXT   NOT NULL,
    client_id TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    address   TEXT   NOT NULL,
    trace_id  TEXT   NOT NULL
);
CREATE INDEX client_failure_reason ON client_failure (owner_id, client_id, reason, seq);
CREATE INDEX client_failure_at ON client_failure (at);

-- The last day on which a client asked for a scope by name (way `requested`), or on which a token
-- of it passed a check with the scope (way `used`).
CREATE TABLE client_scope_day (
    owner_id  TEXT NOT NULL,
    client_id TEXT NOT NULL,
    scope     TEXT NOT NULL,
    way       TEXT NOT NULL,
    day       TEXT {{binary}} NOT NULL,
    PRIMARY KEY (owner_id, client_id, scope, way)
);
CREATE INDEX client_scope_day_day ON client_scope_day (day);
CREATE INDEX usage_counter_day ON usage_counter (day);
