-- What the console asks: when a tenant last saw each of its clients, who uses a client, and how
-- people like their tables.

-- When a credential of a client last worked in a tenant, or the client got a token there. No row:
-- never. last_used_from is empty where the address is not known.
CREATE TABLE client_use (
    tenant_id      TEXT   NOT NULL REFERENCES tenant (id),
    client_id      TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    last_used_at   BIGINT NOT NULL,
    last_used_from TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, client_id)
);
CREATE INDEX client_use_client ON client_use (client_id);

-- What is known from before.
INSERT INTO client_use (tenant_id, client_id, last_used_at, last_used_from)
SELECT uses.tenant_id, uses.client_id, MAX(uses.used_at), ''
FROM (
    SELECT c.owner_id AS tenant_id, c.id AS client_id, s.last_used_at AS used_at
    FROM client c JOIN client_secret s ON s.client_id = c.id WHERE c.owner_level = 'tenant'
    UNION ALL
    SELECT c.owner_id, c.id, k.last_used_at
    FROM client c JOIN client_key k ON k.client_id = c.id WHERE c.owner_level = 'tenant'
    UNION ALL
    SELECT tenant_id, client_id, last_used_at FROM refresh_family
    UNION ALL
    SELECT tenant_id, client_id, consumed_at FROM authorization_code
) AS uses
WHERE uses.used_at IS NOT NULL
GROUP BY uses.tenant_id, uses.client_id;

CREATE INDEX consent_of_client ON consent (tenant_id, client_id, user_id);
CREATE INDEX refresh_family_of_client ON refresh_family (tenant_id, client_id, user_id);

-- value: JSON, bounded by whoever writes it.
CREATE TABLE user_preference (
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    value      TEXT   NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, name),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
