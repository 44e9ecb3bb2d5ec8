-- A tenant's looks: the accent and what is known of the logo, which every page needs, stand in the
-- tenant's row; the logo's bytes stand apart.

ALTER TABLE tenant ADD COLUMN brand TEXT NOT NULL DEFAULT '{}';

-- bytes: base64url, since nothing but texts and numbers is stored. digest: of the bytes.
CREATE TABLE tenant_logo (
    tenant_id  TEXT   NOT NULL PRIMARY KEY REFERENCES tenant (id),
    digest     TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    bytes      TEXT   NOT NULL,
    updated_at BIGINT NOT NULL
);
