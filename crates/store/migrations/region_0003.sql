-- Users, groups, roles and API keys as they are listed, filtered and managed.

ALTER TABLE tenant ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

ALTER TABLE user_account ADD COLUMN name_key TEXT {{binary}} NOT NULL DEFAULT '';
ALTER TABLE user_account ADD COLUMN subject_key TEXT {{binary}} NOT NULL DEFAULT '';
-- Access tokens that were made before this instant are dead.
ALTER TABLE user_account ADD COLUMN tokens_valid_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE user_account ADD COLUMN invite_expires_at BIGINT;
UPDATE user_account SET name_key = LOWER(name), subject_key = LOWER(subject);
CREATE INDEX user_account_by_name ON user_account (tenant_id, name_key, id);
CREATE INDEX user_account_by_subject ON user_account (tenant_id, subject_key, id);
CREATE INDEX user_account_by_created ON user_account (tenant_id, created_at, id);

-- As they are sorted; absent is the least.
CREATE INDEX user_account_by_email ON user_account (tenant_id, (COALESCE(email_key, '')), id);
CREATE INDEX user_account_by_client ON user_account (tenant_id, (COALESCE(bot_client_id, '')), id);
CREATE INDEX user_account_by_invite ON user_account (tenant_id, (COALESCE(invite_expires_at, 0)), id);
CREATE INDEX user_account_by_status ON user_account (tenant_id, status, id);

ALTER TABLE role ADD COLUMN name_key TEXT {{binary}} NOT NULL DEFAULT '';
ALTER TABLE role ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE role ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';
UPDATE role SET name_key = LOWER(name);
-- What the roles that came with the tenant give from now on.
UPDATE role SET assigned_scopes = 'admin_classic user_default' WHERE kind = 'default' AND name = 'TenantAdmin';
UPDATE role SET assigned_scopes = 'admin.apps admin.collections.publicgoverned admin.extensions admin.report-tasks admin.spaces admin.themes' WHERE kind = 'default' AND name = 'AnalyticsAdmin';
UPDATE role SET assigned_scopes = 'admin.dataproduct admin.dataquality admin.dataqualityrules admin.semantictype' WHERE kind = 'default' AND name = 'DataAdmin';
UPDATE role SET assigned_scopes = 'spaces.data' WHERE kind = 'default' AND name = 'DataSpaceCreator';
UPDATE role SET assigned_scopes = 'spaces.managed' WHERE kind = 'default' AND name = 'ManagedSpaceCreator';
UPDATE role SET assigned_scopes = 'spaces.shared:create' WHERE kind = 'default' AND name = 'SharedSpaceCreator';
CREATE INDEX role_by_created ON role (tenant_id, created_at, id);
CREATE INDEX role_by_name ON role (tenant_id, name_key, id);

ALTER TABLE user_group ADD COLUMN name_key TEXT {{binary}} NOT NULL DEFAULT '';
ALTER TABLE user_group ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE user_group ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';
UPDATE user_group SET name_key = LOWER(name);
CREATE INDEX user_group_by_name ON user_group (tenant_id, name_key, id);
CREATE INDEX user_group_by_created ON user_group (tenant_id, created_at, id);

CREATE INDEX refresh_family_by_user ON refresh_family (tenant_id, user_id, grant_id);

-- user_id: whom the key acts as; created_by: who made it. scope: what the credential that made it
-- was given for; null when nothing narrowed it. token_hash: a keyed hash.
-- status_rank: -expires_at, or 0 once revoked, so that active, expired and revoked keys are apart.
CREATE TABLE api_key (
    tenant_id    TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    sub_type     TEXT   NOT NULL,
    description  TEXT   NOT NULL,
    description_key TEXT {{binary}} NOT NULL,
    scope        TEXT,
    token_hash   TEXT   NOT NULL,
    created_by   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    status_rank  BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX api_key_user ON api_key (tenant_id, user_id, id);
CREATE INDEX api_key_by_created ON api_key (tenant_id, created_at, id);
CREATE INDEX api_key_by_maker ON api_key (tenant_id, created_by, id);
CREATE INDEX api_key_by_description ON api_key (tenant_id, description_key, id);
CREATE INDEX api_key_by_status ON api_key (tenant_id, status_rank, id);
CREATE INDEX api_key_expiry ON api_key (expires_at);

-- The group that everybody is in, without rows of members.
INSERT INTO user_group (tenant_id, id, name, name_key, description, provider, status, created_at, updated_at)
SELECT id, '000000000000000000000001', 'com.qlik.Everyone', 'com.qlik.everyone', '', 'system', 'active', created_at, created_at
FROM tenant;
