-- A client that is deleted ends the keys that it made in all tenants of the region: they are found
-- by the client alone.
DROP INDEX api_key_by_client;
CREATE INDEX api_key_by_client ON api_key (client_id, tenant_id);
