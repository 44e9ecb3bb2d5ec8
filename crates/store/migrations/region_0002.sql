-- A region: everything that belongs to its tenants.

CREATE TABLE tenant (
    id              TEXT   NOT NULL PRIMARY KEY,
    organization_id TEXT   NOT NULL,
    subscription_id TEXT   NOT NULL,
    region_code     TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    hostnames       TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    lifetimes       TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);

CREATE TABLE user_account (
    tenant_id      TEXT   NOT NULL REFERENCES tenant (id),
    id             TEXT   NOT NULL,
    bot_client_id  TEXT,
    subject        TEXT   NOT NULL,
    name           TEXT   NOT NULL,
    email          TEXT,
    email_key      TEXT,
    email_verified BIGINT NOT NULL,
    status         TEXT   NOT NULL,
    password_hash  TEXT,
    claims         TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subject),
    UNIQUE (tenant_id, email_key),
    UNIQUE (tenant_id, bot_client_id)
);

CREATE TABLE role (
    tenant_id       TEXT   NOT NULL REFERENCES tenant (id),
    id              TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    level           TEXT   NOT NULL,
    description     TEXT   NOT NULL,
    assigned_scopes TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE user_role (
    tenant_id TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    role_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX user_role_role ON user_role (tenant_id, role_id);

CREATE TABLE user_group (
    tenant_id   TEXT   NOT NULL REFERENCES tenant (id),
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    description TEXT   NOT NULL,
    provider    TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE group_member (
    tenant_id TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, group_id, user_id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES user_group (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX group_member_user ON group_member (tenant_id, user_id, group_id);

CREATE TABLE group_role (
    tenant_id TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    role_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, group_id, role_id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES user_group (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX group_role_role ON group_role (tenant_id, role_id);

CREATE TABLE connection_config (
    tenant_id      TEXT   NOT NULL REFERENCES tenant (id),
    client_id      TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    consent_method TEXT   NOT NULL,
    approved       BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, client_id)
);
CREATE INDEX connection_config_client ON connection_config (client_id);

CREATE TABLE session (
    tenant_id    TEXT   NOT NULL REFERENCES tenant (id),
    id           TEXT   NOT NULL,
    cookie_hash  TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    auth_time    BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    user_agent   TEXT   NOT NULL,
    address      TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cookie_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX session_of_user ON session (tenant_id, user_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE consent (
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    client_id  TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    scope      TEXT   NOT NULL,
    granted_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, client_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX consent_client ON consent (client_id);

CREATE TABLE authorization_code (
    tenant_id           TEXT   NOT NULL,
    code_hash           TEXT   NOT NULL,
    grant_id            TEXT   NOT NULL,
    client_id           TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    user_id             TEXT   NOT NULL,
    session_id          TEXT   NOT NULL,
    redirect_uri        TEXT   NOT NULL,
    scope               TEXT   NOT NULL,
    code_challenge      TEXT,
    nonce               TEXT,
    auth_time           BIGINT NOT NULL,
    auth_time_requested BIGINT NOT NULL,
    claims              TEXT   NOT NULL,
    created_at          BIGINT NOT NULL,
    expires_at          BIGINT NOT NULL,
    consumed_at         BIGINT,
    PRIMARY KEY (tenant_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX authorization_code_user ON authorization_code (tenant_id, user_id, client_id);
CREATE INDEX authorization_code_client ON authorization_code (client_id);
CREATE INDEX authorization_code_created ON authorization_code (created_at);

CREATE TABLE refresh_family (
    tenant_id    TEXT   NOT NULL,
    grant_id     TEXT   NOT NULL,
    client_id    TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    user_id      TEXT   NOT NULL,
    session_id   TEXT   NOT NULL,
    scope        TEXT   NOT NULL,
    nonce        TEXT,
    auth_time    BIGINT NOT NULL,
    claims       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    PRIMARY KEY (tenant_id, grant_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_family_user ON refresh_family (tenant_id, user_id, client_id);
CREATE INDEX refresh_family_client ON refresh_family (client_id);
CREATE INDEX refresh_family_expiry ON refresh_family (expires_at);

CREATE TABLE refresh_token (
    tenant_id      TEXT   NOT NULL,
    token_hash     TEXT   NOT NULL,
    grant_id       TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    spent_at       BIGINT,
    successor_hash TEXT,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES refresh_family (tenant_id, grant_id) ON DELETE CASCADE
);
CREATE INDEX refresh_token_grant ON refresh_token (tenant_id, grant_id);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);
