//! What a database's schema looks like, in words that both engines share: for the test that one
//! SQL text gives one schema, and for the check whether anything was migrated yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Engine;
use crate::database::{Conn, Database};
use crate::error::Result;
use crate::statement::{Cells, each, sql};

/// The tables of a database by name.
pub type Schema = BTreeMap<String, Table>;

/// One table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Type (`TEXT` or `BIGINT`) and whether null is allowed, by column name.
    pub columns: BTreeMap<String, (String, bool)>,
    /// The columns of the primary key, in order.
    pub primary_key: Vec<String>,
    /// The columns of each other unique constraint.
    pub uniques: BTreeSet<Vec<String>>,
    /// Each foreign key as `(columns) -> table (columns) on delete …`.
    pub foreign_keys: BTreeSet<String>,
    /// The columns of each further index.
    pub indexes: BTreeSet<Vec<String>>,
}

/// Whether there is a table of this name.
pub(crate) async fn has_table(conn: &mut Conn, name: &str) -> Result<bool> {
    let statement = match conn.database().engine() {
        Engine::Sqlite => sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1"),
        Engine::Postgres => sql("SELECT CAST(table_name AS TEXT) AS name \
                FROM information_schema.tables \
                WHERE table_schema = current_schema() AND table_name = $1"),
    };
    Ok(conn.row(statement.text(name)).await?.is_some())
}

impl Database {
    /// Reads the schema from the database itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schema(self: &Arc<Self>) -> Result<Schema> {
        let mut conn = Conn::reading(self);
        let mut schema = Schema::new();
        columns(&mut conn, &mut schema).await?;
        keys(&mut conn, &mut schema).await?;
        foreign_keys(&mut conn, &mut schema).await?;
        Ok(schema)
    }
}

const SQLITE_COLUMNS: &str = "\
    SELECT t.name AS table_name, c.name AS column_name, c.type AS type, \
           CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'NO' ELSE 'YES' END AS nullable \
    FROM sqlite_master t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";

const POSTGRES_COLUMNS: &str = "\
    SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name, \
           CAST(data_type AS TEXT) AS type, CAST(is_nullable AS TEXT) AS nullable \
    FROM information_schema.columns WHERE table_schema = current_schema() \
    ORDER BY table_name, ordinal_position";

async fn columns(conn: &mut Conn, schema: &mut Schema) -> Result<()> {
    let text = match conn.database().engine() {
        Engine::Sqlite => SQLITE_COLUMNS,
        Engine::Postgres => POSTGRES_COLUMNS,
    };
    for row in &conn.rows(sql(text)).await? {
        let cells = Cells(row);
        let kind = match cells.text("type")?.to_ascii_uppercase().as_str() {
            "INTEGER" => "BIGINT".to_owned(),
            other => other.to_owned(),
        };
        let table = schema.entry(cells.string("table_name")?).or_default();
        table
            .columns
            .insert(cells.string("column_name")?, (kind, cells.text("nullable")? == "YES"));
    }
    Ok(())
}

// A growing key is SQLite's row id and has no index of its own, hence the first part.
const SQLITE_KEYS: &str = "\
    SELECT t.name AS table_name, 'rowid' AS key_name, 'pk' AS origin, c.name AS column_name, \
           c.pk AS position \
    FROM sqlite_master t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.pk > 0 \
    UNION ALL \
    SELECT t.name, i.name, CASE WHEN i.\"unique\" = 1 THEN 'u' ELSE 'c' END, \
           COALESCE(c.name, '(expression)'), c.seqno \
    FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND i.origin <> 'pk' \
    ORDER BY 1, 2, 5";

const POSTGRES_KEYS: &str = "\
    SELECT CAST(t.relname AS TEXT) AS table_name, CAST(i.relname AS TEXT) AS key_name, \
           CASE WHEN x.indisprimary THEN 'pk' WHEN x.indisunique THEN 'u' ELSE 'c' END AS origin, \
           COALESCE(CAST(a.attname AS TEXT), '(expression)') AS column_name, \
           u.position AS position \
    FROM pg_index x \
    JOIN pg_class i ON i.oid = x.indexrelid \
    JOIN pg_class t ON t.oid = x.indrelid \
    JOIN pg_namespace n ON n.oid = t.relnamespace \
    CROSS JOIN LATERAL unnest(CAST(x.indkey AS INT2[])) WITH ORDINALITY AS u (attnum, position) \
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.attnum \
    WHERE n.nspname = current_schema() ORDER BY 1, 2, 5";

async fn keys(conn: &mut Conn, schema: &mut Schema) -> Result<()> {
    let text = match conn.database().engine() {
        Engine::Sqlite => SQLITE_KEYS,
        Engine::Postgres => POSTGRES_KEYS,
    };
    let mut keys: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
    for row in &conn.rows(sql(text)).await? {
        let cells = Cells(row);
        let key = (cells.string("table_name")?, cells.string("key_name")?, cells.string("origin")?);
        keys.entry(key).or_default().push(cells.string("column_name")?);
    }
    for ((table, _, origin), columns) in keys {
        let table = schema.entry(table).or_default();
        match origin.as_str() {
            "pk" => table.primary_key = columns,
            "u" => drop(table.uniques.insert(columns)),
            _ => drop(table.indexes.insert(columns)),
        }
    }
    Ok(())
}

const SQLITE_FOREIGN_KEYS: &str = "\
    SELECT t.name AS table_name, CAST(f.id AS TEXT) AS key_name, f.\"from\" AS column_name, \
           f.\"table\" AS other_table, f.\"to\" AS other_column, f.on_delete AS on_delete \
    FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f \
    WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq";

const POSTGRES_FOREIGN_KEYS: &str = "\
    SELECT CAST(t.relname AS TEXT) AS table_name, CAST(k.conname AS TEXT) AS key_name, \
           CAST(a.attname AS TEXT) AS column_name, CAST(o.relname AS TEXT) AS other_table, \
           CAST(b.attname AS TEXT) AS other_column, \
           CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'a' THEN 'NO ACTION' ELSE '?' END \
               AS on_delete \
    FROM pg_constraint k \
    JOIN pg_class t ON t.oid = k.conrelid \
    JOIN pg_namespace n ON n.oid = t.relnamespace \
    JOIN pg_class o ON o.oid = k.confrelid \
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u (mine, theirs, position) \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.mine \
    JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = u.theirs \
    WHERE k.contype = 'f' AND n.nspname = current_schema() \
    ORDER BY t.relname, k.conname, u.position";

async fn foreign_keys(conn: &mut Conn, schema: &mut Schema) -> Result<()> {
    let text = match conn.database().engine() {
        Engine::Sqlite => SQLITE_FOREIGN_KEYS,
        Engine::Postgres => POSTGRES_FOREIGN_KEYS,
    };
    let parts = each(&conn.rows(sql(text)).await?, |cells| {
        Ok((
            (cells.string("table_name")?, cells.string("key_name")?),
            (cells.string("other_table")?, cells.string("on_delete")?),
            (cells.string("column_name")?, cells.string("other_column")?),
        ))
    })?;
    type Key = ((String, String), (String, String));
    let mut keys: BTreeMap<Key, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for (key, other, (column, other_column)) in parts {
        let (columns, other_columns) = keys.entry((key, other)).or_default();
        columns.push(column);
        other_columns.push(other_column);
    }
    for (((table, _), (other, on_delete)), (columns, other_columns)) in keys {
        let key = format!(
            "({}) -> {other} ({}) on delete {on_delete}",
            columns.join(", "),
            other_columns.join(", ")
        );
        schema.entry(table).or_default().foreign_keys.insert(key);
    }
    Ok(())
}
