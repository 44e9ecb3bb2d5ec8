-- is_guest: 0 for the tenant's own clients. A tenant has a config for each of these and few others:
-- lists find the few without a look at all of its own. 1 until it is known, so that rows of a node
-- that runs an older program are found as well.
ALTER TABLE connection_config ADD COLUMN is_guest BIGINT NOT NULL DEFAULT 1;
UPDATE connection_config SET is_guest = 0 WHERE EXISTS (
    SELECT 1 FROM client c WHERE c.id = connection_config.client_id
        AND c.owner_level = 'tenant' AND c.owner_id = connection_config.tenant_id
);
CREATE INDEX connection_config_guest ON connection_config (tenant_id, is_guest, client_id);
