-- The client and the grant of the token that made a key, and the user who gave that token: the key
-- ends with them. Null: made by a user in person or at the server's command line.
ALTER TABLE api_key ADD COLUMN client_id TEXT;
ALTER TABLE api_key ADD COLUMN grant_id TEXT;
ALTER TABLE api_key ADD COLUMN granted_by TEXT;
CREATE INDEX api_key_by_grant ON api_key (tenant_id, grant_id);
CREATE INDEX api_key_by_client ON api_key (tenant_id, client_id);
