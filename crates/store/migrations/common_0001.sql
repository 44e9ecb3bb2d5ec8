-- Tables that the directory and every region database have.
-- Times are milliseconds since 1970; booleans are 0 and 1; lists are JSON or space-separated text.
-- {{sequence}} is the engine's growing integer key; nothing else differs between the engines.

CREATE TABLE installation (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE client (
    id                        TEXT   NOT NULL PRIMARY KEY,
    owner_level               TEXT   NOT NULL,
    owner_id                  TEXT   NOT NULL,
    app_type                  TEXT   NOT NULL,
    name                      TEXT   NOT NULL,
    description               TEXT   NOT NULL,
    client_uri                TEXT   NOT NULL,
    logo_uri                  TEXT   NOT NULL,
    policy_uri                TEXT   NOT NULL,
    tos_uri                   TEXT   NOT NULL,
    redirect_uris             TEXT   NOT NULL,
    post_logout_redirect_uris TEXT   NOT NULL,
    allowed_origins           TEXT   NOT NULL,
    allowed_scopes            TEXT   NOT NULL,
    machine_grants            TEXT   NOT NULL,
    auth_methods              TEXT   NOT NULL,
    jwks_uri                  TEXT   NOT NULL,
    require_pkce              BIGINT NOT NULL,
    id_token_alg              TEXT   NOT NULL,
    disable_tag               TEXT,
    published_at              BIGINT,
    created_by_type           TEXT   NOT NULL,
    created_by                TEXT   NOT NULL,
    created_at                BIGINT NOT NULL,
    updated_at                BIGINT NOT NULL
);
CREATE INDEX client_owner ON client (owner_level, owner_id, id);

CREATE TABLE client_secret (
    id           TEXT   NOT NULL PRIMARY KEY,
    client_id    TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    hint         TEXT   NOT NULL,
    hash         TEXT   NOT NULL,
    label        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    UNIQUE (client_id, hint)
);

CREATE TABLE client_key (
    client_id    TEXT   NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    kid          TEXT   NOT NULL,
    jwk          TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (client_id, kid)
);

-- owner_id: a tenant's id; `region:<code>`, `organization:<id>` for the other sites.
CREATE TABLE signing_key (
    kid          TEXT   NOT NULL PRIMARY KEY,
    owner_id     TEXT   NOT NULL,
    alg          TEXT   NOT NULL,
    generation   BIGINT NOT NULL,
    sealed       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    activates_at BIGINT NOT NULL,
    retires_at   BIGINT,
    UNIQUE (owner_id, alg, generation)
);

CREATE TABLE revoked_token (
    owner_id   TEXT   NOT NULL,
    token_key  TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner_id, token_key)
);
CREATE INDEX revoked_token_expiry ON revoked_token (expires_at);

CREATE TABLE assertion_use (
    owner_id   TEXT   NOT NULL,
    client_id  TEXT   NOT NULL,
    jti        TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (owner_id, client_id, jti)
);
CREATE INDEX assertion_use_expiry ON assertion_use (expires_at);

CREATE TABLE audit_event (
    seq        {{sequence}},
    owner_id   TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    actor_type TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    event      TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    trace_id   TEXT   NOT NULL,
    details    TEXT   NOT NULL
);
CREATE INDEX audit_event_owner ON audit_event (owner_id, seq);

-- The change feed: what every node's caches must forget.
CREATE TABLE change (
    seq      {{sequence}},
    owner_id TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX change_at ON change (at);

CREATE TABLE usage_counter (
    owner_id  TEXT   NOT NULL,
    client_id TEXT   NOT NULL,
    day       TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    count     BIGINT NOT NULL,
    PRIMARY KEY (owner_id, client_id, day, kind)
);
