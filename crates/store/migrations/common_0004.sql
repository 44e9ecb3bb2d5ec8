-- What the list of clients is filtered by most is in the indexes that it is sorted by, so that a
-- filter that fits little reads the index and not every client.
DROP INDEX client_by_created;
DROP INDEX client_by_updated;
CREATE INDEX client_by_created ON client (owner_level, owner_id, created_at, id, name_key);
CREATE INDEX client_by_updated ON client (owner_level, owner_id, updated_at, id, name_key);
