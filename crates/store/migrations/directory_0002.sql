-- The directory: who has what, and in which region a tenant lives.

CREATE TABLE organization (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE service_account_owner (
    id              TEXT   NOT NULL PRIMARY KEY,
    organization_id TEXT   NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    email_key       TEXT   NOT NULL UNIQUE,
    name            TEXT   NOT NULL,
    password_hash   TEXT   NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE subscription (
    id              TEXT   NOT NULL PRIMARY KEY,
    organization_id TEXT   NOT NULL REFERENCES organization (id),
    licence_number  TEXT   NOT NULL UNIQUE,
    tenant_limit    BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX subscription_organization ON subscription (organization_id);

CREATE TABLE region (
    code       TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE tenant_location (
    tenant_id       TEXT   NOT NULL PRIMARY KEY,
    organization_id TEXT   NOT NULL REFERENCES organization (id),
    subscription_id TEXT   NOT NULL REFERENCES subscription (id),
    region_code     TEXT   NOT NULL REFERENCES region (code),
    name            TEXT   NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX tenant_location_subscription ON tenant_location (subscription_id);

CREATE TABLE hostname (
    hostname  TEXT   NOT NULL PRIMARY KEY,
    tenant_id TEXT   NOT NULL REFERENCES tenant_location (tenant_id) ON DELETE CASCADE,
    position  BIGINT NOT NULL,
    UNIQUE (tenant_id, position)
);
