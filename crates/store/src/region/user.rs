//! Users of a tenant: people, and the bot users of machine clients.
//!
//! A user is read with roles and groups in one statement: first come the roles and the active
//! groups, each once, and which group gives which role; then the users, and who has which role and
//! is in which group. So neither the rows nor what is kept of them are as many as users times groups
//! times roles. The group of everybody has no rows of members; it counts for every person.

use std::collections::HashMap;
use std::sync::Arc;

use domain::filter::Filter;
use domain::ids::{ClientId, TenantId, UserId};
use domain::list::{ListQuery, Page, Position};
use domain::user::{EVERYONE, GroupProvider, GroupRef, User, UserKind, UserStatus};

use super::TenantRead;
use super::role::{Roles, by_name};
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape, Way};
use crate::statement::{Cells, Statement, sql, text_key};

/// Most roles through groups that a page of users tells of, unless its first user has more.
const PAGE_ROLES: usize = 10_000;

macro_rules! head {
    () => {
        "WITH found AS (SELECT id, bot_client_id, subject, name, email, email_verified, \
                    status, password_hash, claims, tokens_valid_from, invite_expires_at, \
                    created_at, updated_at \
                FROM user_account WHERE tenant_id = $1 AND "
    };
}

/// What a row that is no user has in the columns that only a user has.
macro_rules! no_user {
    () => {
        "NULL, 0, '', NULL, '', 0, NULL, 0, 0 "
    };
}

macro_rules! tail {
    () => {
        concat!(
            "), own_role AS (SELECT f.id AS user_id, m.role_id AS role_id \
                FROM found f CROSS JOIN user_role m \
                WHERE m.tenant_id = $1 AND m.user_id = f.id), \
            own_group AS (SELECT f.id AS user_id, m.group_id AS group_id \
                FROM found f CROSS JOIN group_member m CROSS JOIN user_group g \
                WHERE m.tenant_id = $1 AND m.user_id = f.id \
                    AND g.tenant_id = $1 AND g.id = m.group_id AND g.status = 'active'), \
            part_group AS (SELECT group_id FROM own_group \
                UNION SELECT g.id FROM user_group g \
                WHERE g.tenant_id = $1 AND g.id = '000000000000000000000001' \
                    AND g.status = 'active' \
                    AND EXISTS (SELECT 1 FROM found WHERE bot_client_id IS NULL)), \
            passed AS (SELECT x.group_id AS group_id, x.role_id AS role_id \
                FROM part_group p CROSS JOIN group_role x \
                WHERE x.tenant_id = $1 AND x.group_id = p.group_id), \
            held AS (SELECT role_id FROM own_role UNION SELECT role_id FROM passed) \
            SELECT 3 AS part, id, '' AS member_id, '' AS kind, '' AS level, '' AS scopes, \
                bot_client_id, subject, name, email, email_verified, status, \
                password_hash, claims, tokens_valid_from, invite_expires_at, created_at, updated_at \
            FROM found \
            UNION ALL \
            SELECT 0, r.id, '', r.kind, r.level, r.assigned_scopes, NULL, '', r.name, ",
            no_user!(),
            "FROM held h CROSS JOIN role r WHERE r.tenant_id = $1 AND r.id = h.role_id \
            UNION ALL \
            SELECT 1, g.id, '', g.provider, '', '', NULL, '', g.name, ",
            no_user!(),
            "FROM part_group p CROSS JOIN user_group g \
            WHERE g.tenant_id = $1 AND g.id = p.group_id \
            UNION ALL \
            SELECT 2, group_id, role_id, '', '', '', NULL, '', '', ",
            no_user!(),
            "FROM passed \
            UNION ALL \
            SELECT 4, user_id, role_id, '', '', '', NULL, '', '', ",
            no_user!(),
            "FROM own_role \
            UNION ALL \
            SELECT 5, user_id, group_id, '', '', '', NULL, '', '', ",
            no_user!(),
            "FROM own_group \
            ORDER BY part, id"
        )
    };
}

/// The text of the query for the users of tenant `$1` that a condition finds. `CROSS JOIN` is how
/// SQLite is told to begin with the users: on its own it walks through all members of the tenant.
macro_rules! users {
    ($condition:literal) => {
        concat!(head!(), $condition, tail!())
    };
}

const GET: &str = users!("id = $2");

/// Two look-ups by unique keys: an `OR` would let SQLite walk through all people of the tenant.
const SIGN_IN: &str = users!(
    "id IN (SELECT a.id FROM user_account a WHERE a.tenant_id = $1 AND a.email_key = $2 \
        UNION SELECT a.id FROM user_account a WHERE a.tenant_id = $1 AND a.subject = $3) \
     AND COALESCE(bot_client_id, '') = '' \
     ORDER BY CASE WHEN email_key = $2 THEN 0 ELSE 1 END LIMIT 1"
);

const OF_IDS: (&str, &str) = (concat!(head!(), "id IN "), tail!());

/// Users as they are listed and filtered (contract, section 6).
pub(super) const SHAPE: Shape = Shape {
    sources: &["FROM user_account u WHERE u.tenant_id = $1"],
    id: "u.id",
    attributes: &[
        ("id", Column::Always("u.id")),
        ("subject", Column::Always("u.subject_key")),
        ("name", Column::Always("u.name_key")),
        ("email", Column::Nullable("u.email_key")),
        ("status", Column::Always("u.status")),
        ("clientId", Column::Nullable("u.bot_client_id")),
        ("createdAt", Column::Always("u.created_at")),
        ("assignedRoles.id", Column::Any { ways: OWN_ROLES, column: "r.id" }),
        ("assignedRoles.name", Column::Any { ways: OWN_ROLES, column: "r.name_key" }),
        ("assignedScopes", Column::AnyWord { ways: ALL_ROLES, column: "r.assigned_scopes" }),
        ("assignedGroupsAssignedRoles.id", Column::Any { ways: PASSED_ROLES, column: "r.id" }),
        (
            "assignedGroupsAssignedRoles.name",
            Column::Any { ways: PASSED_ROLES, column: "r.name_key" },
        ),
        ("assignedGroups.id", Column::Any { ways: OWN_GROUPS, column: "g.id" }),
        ("assignedGroups.name", Column::Any { ways: OWN_GROUPS, column: "g.name_key" }),
    ],
    sorts: &[
        ("name", "u.name_key"),
        ("id", "u.id"),
        ("_id", "u.id"),
        ("tenantId", "u.tenant_id"),
        ("subject", "u.subject_key"),
        ("email", "(COALESCE(u.email_key, ''))"),
        ("clientId", "(COALESCE(u.bot_client_id, ''))"),
        ("status", "u.status"),
        ("inviteExpiry", "(COALESCE(u.invite_expires_at, 0))"),
        ("createdAt", "u.created_at"),
    ],
};

/// A role that the user has directly: a look at the user's own, of which those that fit are known.
/// `CASE` keeps either engine from beginning with those that fit, one after the other for each user.
const OWN_ROLE: Way = (
    "EXISTS (SELECT 1 FROM user_role m WHERE m.tenant_id = $1 AND m.user_id = u.id \
        AND CASE WHEN m.role_id IN (SELECT r.id FROM role r WHERE r.tenant_id = $1 AND ",
    ") THEN 1 ELSE 0 END = 1)",
);

/// A role of a group that the user is in.
const GROUPS_ROLE: Way = (
    "EXISTS (SELECT 1 FROM group_member m WHERE m.tenant_id = $1 AND m.user_id = u.id \
        AND CASE WHEN m.group_id IN (SELECT x.group_id \
            FROM role r CROSS JOIN group_role x CROSS JOIN user_group g \
            WHERE r.tenant_id = $1 AND x.tenant_id = $1 AND x.role_id = r.id \
                AND g.tenant_id = $1 AND g.id = x.group_id AND g.status = 'active' AND ",
    ") THEN 1 ELSE 0 END = 1)",
);

/// A role that every person has.
const EVERYBODYS_ROLE: Way = (
    "u.bot_client_id IS NULL AND EXISTS (SELECT 1 \
        FROM role r CROSS JOIN group_role x CROSS JOIN user_group g \
        WHERE r.tenant_id = $1 AND x.tenant_id = $1 AND x.role_id = r.id \
            AND x.group_id = '000000000000000000000001' \
            AND g.tenant_id = $1 AND g.id = x.group_id AND g.status = 'active' AND ",
    ")",
);

const OWN_ROLES: &[Way] = &[OWN_ROLE];
const PASSED_ROLES: &[Way] = &[GROUPS_ROLE, EVERYBODYS_ROLE];
const ALL_ROLES: &[Way] = &[OWN_ROLE, GROUPS_ROLE, EVERYBODYS_ROLE];

const OWN_GROUPS: &[Way] = &[(
    "EXISTS (SELECT 1 FROM group_member m WHERE m.tenant_id = $1 AND m.user_id = u.id \
        AND CASE WHEN m.group_id IN (SELECT g.id FROM user_group g \
            WHERE g.tenant_id = $1 AND g.status = 'active' AND ",
    ") THEN 1 ELSE 0 END = 1)",
)];

/// A person who administers the tenant, if there is one: found from the role.
const ADMINISTRATOR: &str = "SELECT u.id FROM role r CROSS JOIN user_role m \
        CROSS JOIN user_account u \
    WHERE r.tenant_id = $1 AND r.name = 'TenantAdmin' AND r.kind = 'default' \
        AND m.tenant_id = $1 AND m.role_id = r.id \
        AND u.tenant_id = $1 AND u.id = m.user_id AND u.status = 'active' \
        AND u.bot_client_id IS NULL AND u.password_hash IS NOT NULL \
    UNION ALL \
    SELECT u.id FROM role r CROSS JOIN group_role x CROSS JOIN user_group g \
        CROSS JOIN group_member m CROSS JOIN user_account u \
    WHERE r.tenant_id = $1 AND r.name = 'TenantAdmin' AND r.kind = 'default' \
        AND x.tenant_id = $1 AND x.role_id = r.id \
        AND g.tenant_id = $1 AND g.id = x.group_id AND g.status = 'active' \
        AND m.tenant_id = $1 AND m.group_id = g.id \
        AND u.tenant_id = $1 AND u.id = m.user_id AND u.status = 'active' \
        AND u.bot_client_id IS NULL AND u.password_hash IS NOT NULL \
    LIMIT 1";

struct Found {
    user: User,
    password_hash: Option<String>,
}

fn user_from_row(cells: Cells<'_>, tenant_id: &TenantId) -> Result<Found> {
    let kind = match cells.text_or_null("bot_client_id")? {
        None => UserKind::Person,
        Some(id) => UserKind::Bot(
            ClientId::parse(id).map_err(|_| StoreError::Corrupt { what: "bot_client_id" })?,
        ),
    };
    let user = User {
        id: cells.parsed("id")?,
        tenant_id: tenant_id.clone(),
        kind,
        subject: cells.string("subject")?,
        name: cells.string("name")?,
        email: cells.string_or_null("email")?,
        email_verified: cells.flag("email_verified")?,
        status: cells.named("status", UserStatus::parse)?,
        claims: cells.json("claims")?,
        roles: Vec::new(),
        groups: Vec::new(),
        tokens_valid_from: cells.time("tokens_valid_from")?,
        invite_expires_at: cells.time_or_null("invite_expires_at")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    };
    Ok(Found { user, password_hash: cells.string_or_null("password_hash")? })
}

fn group_ref(cells: Cells<'_>) -> Result<GroupRef> {
    Ok(GroupRef {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        provider: cells.named("kind", GroupProvider::parse)?,
        roles: Vec::new(),
    })
}

/// Users under construction, row by row; groups and roles by their ids.
struct Assembly<'t> {
    tenant_id: &'t TenantId,
    roles: Roles,
    groups: HashMap<String, Arc<GroupRef>>,
    found: Vec<Found>,
    places: HashMap<String, usize>,
}

impl<'t> Assembly<'t> {
    fn new(tenant_id: &'t TenantId) -> Self {
        Self {
            tenant_id,
            roles: Roles::default(),
            groups: HashMap::new(),
            found: Vec::new(),
            places: HashMap::new(),
        }
    }

    fn user(&mut self, cells: Cells<'_>) -> Result<&mut User> {
        let place = self.places.get(cells.text("id")?);
        let found = place.and_then(|place| self.found.get_mut(*place));
        found.map(|found| &mut found.user).ok_or(StoreError::Corrupt { what: "user_id" })
    }

    fn take(&mut self, cells: Cells<'_>) -> Result<()> {
        const GROUP: StoreError = StoreError::Corrupt { what: "group_id" };
        match cells.int("part")? {
            0 => self.roles.take(cells)?,
            1 => drop(self.groups.insert(cells.string("id")?, Arc::new(group_ref(cells)?))),
            2 => {
                let role = self.roles.get(cells)?;
                // No user has it yet.
                let group = self.groups.get_mut(cells.text("id")?).and_then(Arc::get_mut);
                group.ok_or(GROUP)?.roles.push(role);
            }
            3 => self.begin(cells)?,
            4 => {
                let role = self.roles.get(cells)?;
                self.user(cells)?.roles.push(role);
            }
            _ => {
                let group = self.groups.get(cells.text("member_id")?).cloned().ok_or(GROUP)?;
                self.user(cells)?.groups.push(group);
            }
        }
        Ok(())
    }

    fn begin(&mut self, cells: Cells<'_>) -> Result<()> {
        if self.found.is_empty() {
            // All that groups give is known.
            let groups = self.groups.values_mut().filter_map(Arc::get_mut);
            groups.for_each(|group| by_name(&mut group.roles));
        }
        self.places.insert(cells.string("id")?, self.found.len());
        self.found.push(user_from_row(cells, self.tenant_id)?);
        Ok(())
    }

    fn finish(mut self) -> Vec<Found> {
        let everyone = self.groups.get(EVERYONE).filter(|group| !group.roles.is_empty());
        for Found { user, .. } in &mut self.found {
            by_name(&mut user.roles);
            user.groups.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
            if user.kind == UserKind::Person {
                user.groups.extend(everyone.cloned());
            }
        }
        self.found
    }
}

impl TenantRead {
    async fn users(&mut self, statement: Statement) -> Result<Vec<Found>> {
        let mut assembly = Assembly::new(&self.tenant_id);
        self.conn.each_row(statement, |cells| assembly.take(cells)).await?;
        Ok(assembly.finish())
    }

    async fn user(&mut self, statement: Statement) -> Result<Option<User>> {
        Ok(self.users(statement).await?.pop().map(|found| found.user))
    }

    /// The user of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_get(&mut self, id: &UserId) -> Result<Option<User>> {
        let statement = sql(GET).text(&self.tenant_id).text(id);
        self.user(statement).await
    }

    /// The user of a subject.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_find_by_subject(&mut self, subject: &str) -> Result<Option<User>> {
        let statement = sql(users!("subject = $2")).text(&self.tenant_id).text(subject);
        self.user(statement).await
    }

    /// The user of an email address, without regard to case.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_find_by_email(&mut self, email: &str) -> Result<Option<User>> {
        let statement = sql(users!("email_key = $2")).text(&self.tenant_id).text(text_key(email));
        self.user(statement).await
    }

    /// The person of an email address or subject, with the password hash. An email address that
    /// is another person's subject leads to whom it belongs as an address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_for_sign_in(
        &mut self,
        login: &str,
    ) -> Result<Option<(User, Option<String>)>> {
        let statement = sql(SIGN_IN).text(&self.tenant_id).text(text_key(login)).text(login);
        Ok(self.users(statement).await?.pop().map(|found| (found.user, found.password_hash)))
    }

    /// A page of the users. It is shorter than it may be when what groups give to its users would be
    /// told more than 10,000 times.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn user_page(&mut self, query: &ListQuery) -> Result<Page<User>> {
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), &SHAPE, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let users = self.users(statement).await?.into_iter().map(|found| found.user);
        let users: Vec<User> = users.collect();
        let passed =
            |user: &User| -> usize { user.groups.iter().map(|group| group.roles.len()).sum() };
        let weights: HashMap<&str, usize> =
            users.iter().map(|user| (user.id.as_str(), passed(user))).collect();
        let weight = |position: &Position| weights.get(position.id.as_str()).copied().unwrap_or(0);
        let page = list::shorten(page, query, PAGE_ROLES, weight);
        Ok(list::in_order(page, users, |user: &User| user.id.as_str()))
    }

    /// How many users pass a filter.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter of another list.
    pub async fn user_count(&mut self, filter: Option<&Filter>) -> Result<i64> {
        list::count(&mut self.conn, self.tenant_id.as_str(), &SHAPE, filter).await
    }

    /// Whether an active person who has a password, and so can sign in, has the role that administers
    /// the tenant, in whatever way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_administered(&mut self) -> Result<bool> {
        let statement = sql(ADMINISTRATOR).text(&self.tenant_id);
        Ok(self.conn.row(statement).await?.is_some())
    }

    /// Users by id, after one; people and bot users.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_list(&mut self, limit: u32, after: Option<&UserId>) -> Result<Vec<User>> {
        let statement = sql(users!("id > $2 ORDER BY id LIMIT $3"))
            .text(&self.tenant_id)
            .text(after.map_or("", UserId::as_str))
            .int(i64::from(limit));
        Ok(self.users(statement).await?.into_iter().map(|found| found.user).collect())
    }

    /// The bot user of a machine client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn bot_user_find(&mut self, client_id: &ClientId) -> Result<Option<User>> {
        let statement = sql(users!("bot_client_id = $2")).text(&self.tenant_id).text(client_id);
        self.user(statement).await
    }
}

#[cfg(test)]
mod tests {
    use domain::filter::{Attribute, Kind, Op, Operand, Test};

    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn a_user_is_found_without_a_walk_through_the_tenant() {
        for text in [GET, SIGN_IN] {
            let plan = plan(text).await;
            assert!(plan.contains("(tenant_id=? AND user_id=?)"), "{plan}");
            for walk in
                ["(tenant_id=?)", "SCAN user", "SCAN role", "SCAN m", "SCAN r", "SCAN g", "SCAN x"]
            {
                assert!(!plan.contains(walk), "{walk}: {plan}");
            }
        }
    }

    /// What a filter asks of roles and groups is found once for a statement, not once for each user.
    #[tokio::test]
    async fn roles_and_groups_that_fit_are_found_once() {
        let names = ["assignedRoles.name", "assignedGroups.id", "assignedGroupsAssignedRoles.name"];
        let texts = names.map(|name| Attribute { name, kind: Kind::Text });
        for attribute in
            texts.into_iter().chain([Attribute { name: "assignedScopes", kind: Kind::Name }])
        {
            let operand = Operand::Text("x".to_owned());
            let filter =
                Filter::Not(Box::new(Filter::Test(Test { attribute, op: Op::Eq, operand })));
            let text = list::page_text(&SHAPE, "name", false, Some(&filter)).expect("a text");
            let plan = plan(&text).await;
            assert!(plan.contains("\nLIST SUBQUERY"), "{plan}");
            assert!(!plan.contains("CORRELATED LIST"), "{plan}");
            let own = plan.matches("CORRELATED SCALAR SUBQUERY").count();
            assert_eq!(plan.matches("(tenant_id=? AND user_id=?)").count(), own, "{plan}");
        }
    }
}
