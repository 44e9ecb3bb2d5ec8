//! Lists: a filter as SQL, and a page by the position of its neighbour.
//!
//! Invariants: the text that is put together here consists of constant pieces and numbered
//! placeholders, never of a value from outside. Every comparison is true or false for every row,
//! never null, so that `NOT` means the opposite. In each statement `$1` is the tenant.

use domain::filter::{Filter, Op, Operand, Test};
use domain::list::{From, ListQuery, Page, Position, SortValue};

use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::statement::{Cells, Statement};

/// How the value of an attribute is found in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    /// A column that always has a value: text, or a number for instants and flags.
    Always(&'static str),
    /// A column that may be null.
    Nullable(&'static str),
    /// Names in other rows, joined by spaces in a column: only `eq` and `pr`.
    AnyWord {
        /// As with `Any`.
        ways: &'static [Way],
        /// The column in there; never null.
        column: &'static str,
    },
    /// Values in other rows, which are reached in one way or several.
    Any {
        /// The ways.
        ways: &'static [Way],
        /// The column in there; never null.
        column: &'static str,
    },
}

/// How other rows are reached: what stands before a comparison of theirs and after it. The rows that
/// are compared do not depend on the row of the list, so that they are found once for a statement,
/// however many rows the list has.
pub(crate) type Way = (&'static str, &'static str);

/// A list: where its rows are, and what they can be filtered and sorted by.
#[derive(Debug)]
pub(crate) struct Shape {
    /// `FROM … WHERE …`, binding `$1`; several are one list, in which no id occurs twice.
    pub sources: &'static [&'static str],
    /// The id's column, with the table's alias.
    pub id: &'static str,
    /// The column behind each attribute of the filter, by the attribute's name on the wire.
    pub attributes: &'static [(&'static str, Column)],
    /// The column behind each sort name; never null, with an index that ends in the id.
    pub sorts: &'static [(&'static str, &'static str)],
}

/// Rows of a page: where each stands, in order.
pub(crate) type Positions = Page<Position>;

/// A value that is bound.
pub(crate) enum Argument {
    Text(String),
    Int(i64),
}

/// A text under construction, with its arguments.
pub(crate) struct Composed {
    pub(crate) text: String,
    pub(crate) arguments: Vec<Argument>,
}

impl Composed {
    fn new(tenant: &str) -> Self {
        Self { text: String::new(), arguments: vec![Argument::Text(tenant.to_owned())] }
    }

    fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// Writes a placeholder for a value; gives its number, to write it again.
    fn bind(&mut self, argument: Argument) -> usize {
        self.arguments.push(argument);
        self.place(self.arguments.len());
        self.arguments.len()
    }

    fn place(&mut self, number: usize) -> &mut Self {
        self.text.push('$');
        self.text.push_str(&number.to_string());
        self
    }

    pub(crate) fn statement(self) -> Statement {
        let statement = Statement::written(self.text);
        self.arguments.into_iter().fold(statement, |statement, argument| match argument {
            Argument::Text(text) => statement.text(text),
            Argument::Int(number) => statement.int(number),
        })
    }

    fn filter(&mut self, filter: &Filter, shape: &Shape) -> Result<()> {
        match filter {
            Filter::And(parts) => self.joined(parts, " AND ", shape),
            Filter::Or(parts) => self.joined(parts, " OR ", shape),
            Filter::Not(inner) => {
                self.push("NOT ");
                self.filter(inner, shape)
            }
            Filter::Test(test) => self.test(test, shape),
        }
    }

    fn joined(&mut self, parts: &[Filter], word: &'static str, shape: &Shape) -> Result<()> {
        self.push("(");
        for (at, part) in parts.iter().enumerate() {
            self.push(if at == 0 { "" } else { word });
            self.filter(part, shape)?;
        }
        self.push(")");
        Ok(())
    }

    fn test(&mut self, test: &Test, shape: &Shape) -> Result<()> {
        let name = test.attribute.name;
        let column = shape.attributes.iter().find(|(known, _)| *known == name);
        let (_, column) = column.ok_or(StoreError::Invalid { what: "attribute of a filter" })?;
        // `ne` is the opposite of `eq`, also for absent and for many values.
        let (negated, op) = if test.op == Op::Ne { (true, Op::Eq) } else { (false, test.op) };
        self.push(if negated { "NOT (" } else { "(" });
        match column {
            Column::Always(column) => self.compare(column, op, &test.operand)?,
            Column::Nullable(column) => {
                self.push(column).push(" IS NOT NULL AND ");
                self.compare(column, op, &test.operand)?;
            }
            Column::Any { ways, column } => {
                self.any(ways, |composed| composed.compare(column, op, &test.operand))?;
            }
            Column::AnyWord { ways, column } => {
                self.any(ways, |composed| composed.has_word(column, op, &test.operand))?;
            }
        }
        self.push(")");
        Ok(())
    }

    /// Whether a comparison holds for any row that is reached in any way.
    fn any(&mut self, ways: &[Way], compare: impl Fn(&mut Self) -> Result<()>) -> Result<()> {
        for (at, (before, after)) in ways.iter().enumerate() {
            self.push(if at == 0 { "" } else { " OR " }).push(before);
            compare(self)?;
            self.push(after);
        }
        Ok(())
    }

    /// Whether one of the names in a column is the operand, or there is any name.
    fn has_word(&mut self, column: &'static str, op: Op, operand: &Operand) -> Result<()> {
        match (operand, op) {
            (Operand::None, Op::Pr) => self.compare(column, op, operand),
            (Operand::Text(text), Op::Eq) => {
                self.push("REPLACE(' ' || ").push(column).push(" || ' ', ");
                self.bind(Argument::Text(format!(" {text} ")));
                self.push(", '') <> ' ' || ").push(column).push(" || ' '");
                Ok(())
            }
            _ => Err(StoreError::Invalid { what: "operator of a filter" }),
        }
    }

    fn compare(&mut self, column: &'static str, op: Op, operand: &Operand) -> Result<()> {
        let invalid = StoreError::Invalid { what: "operator of a filter" };
        match (operand, op) {
            (Operand::None, Op::Pr) => {
                // Numbers are present; so is every text but the empty one. Both engines find a
                // number's text not empty.
                self.push("CAST(").push(column).push(" AS TEXT) <> ''");
            }
            (Operand::Text(text), Op::Co) if text.is_empty() => drop(self.push("1 = 1")),
            (Operand::Text(text), Op::Co) => {
                self.push("REPLACE(").push(column).push(", ");
                self.bind(Argument::Text(text.clone()));
                self.push(", '') <> ").push(column);
            }
            (Operand::Text(text), Op::Sw) => {
                self.push("SUBSTR(").push(column).push(", 1, LENGTH(");
                let number = self.bind(Argument::Text(text.clone()));
                self.push(")) = ").place(number);
            }
            (Operand::Text(text), Op::Ew) => {
                self.push("LENGTH(").push(column).push(") >= LENGTH(");
                let number = self.bind(Argument::Text(text.clone()));
                self.push(") AND SUBSTR(").push(column).push(", LENGTH(").push(column);
                self.push(") - LENGTH(").place(number).push(") + 1) = ").place(number);
            }
            (operand, op) => {
                self.push(column).push(symbol(op).ok_or(invalid)?);
                match operand {
                    Operand::Text(text) => self.bind(Argument::Text(text.clone())),
                    Operand::Time(at) => self.bind(Argument::Int(at.as_millisecond())),
                    Operand::Flag(flag) => self.bind(Argument::Int(i64::from(*flag))),
                    Operand::None => {
                        return Err(StoreError::Invalid { what: "operand of a filter" });
                    }
                };
            }
        }
        Ok(())
    }
}

fn symbol(op: Op) -> Option<&'static str> {
    match op {
        Op::Eq => Some(" = "),
        Op::Gt => Some(" > "),
        Op::Ge => Some(" >= "),
        Op::Lt => Some(" < "),
        Op::Le => Some(" <= "),
        Op::Ne | Op::Co | Op::Sw | Op::Ew | Op::Pr => None,
    }
}

/// Which way a statement walks, and from where.
struct Walk<'a> {
    column: &'static str,
    descending: bool,
    begin: Option<&'a Position>,
}

impl<'a> Walk<'a> {
    fn new(shape: &Shape, query: &'a ListQuery) -> Result<Self> {
        let column = shape.sorts.iter().find(|(name, _)| *name == query.sort.by);
        let (_, column) = column.ok_or(StoreError::Invalid { what: "sort of a list" })?;
        let (backwards, begin) = match &query.from {
            From::Start => (false, None),
            From::After(position) => (false, Some(position)),
            From::Before(position) => (true, Some(position)),
        };
        Ok(Self { column, descending: query.sort.descending != backwards, begin })
    }

    fn order(&self) -> &'static str {
        if self.descending { " DESC" } else { "" }
    }

    /// One source's rows beyond the position.
    fn source(
        &self,
        composed: &mut Composed,
        source: &'static str,
        shape: &Shape,
        query: &ListQuery,
    ) -> Result<()> {
        composed.push("SELECT ").push(self.column).push(" AS sort_value, ").push(shape.id);
        composed.push(" AS id ").push(source);
        if let Some(filter) = &query.filter {
            composed.push(" AND ");
            composed.filter(filter, shape)?;
        }
        if let Some(begin) = self.begin {
            composed.push(" AND (").push(self.column).push(", ").push(shape.id);
            composed.push(if self.descending { ") < (" } else { ") > (" });
            composed.bind(match &begin.value {
                SortValue::Int(number) => Argument::Int(*number),
                SortValue::Text(text) => Argument::Text(text.clone()),
            });
            composed.push(", ");
            composed.bind(Argument::Text(begin.id.clone()));
            composed.push(")");
        }
        composed.push(" ORDER BY ").push(self.column).push(self.order()).push(", ");
        composed.push(shape.id).push(self.order()).push(" LIMIT ");
        composed.bind(Argument::Int(i64::from(query.limit) + 1));
        Ok(())
    }
}

fn page_statement(tenant: &str, shape: &Shape, query: &ListQuery) -> Result<Composed> {
    let walk = Walk::new(shape, query)?;
    let mut composed = Composed::new(tenant);
    if let [only] = shape.sources {
        walk.source(&mut composed, only, shape, query)?;
        return Ok(composed);
    }
    composed.push("SELECT sort_value, id FROM (");
    for (at, source) in shape.sources.iter().enumerate() {
        composed.push(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        walk.source(&mut composed, source, shape, query)?;
        composed.push(") AS part");
    }
    composed.push(") AS whole ORDER BY sort_value").push(walk.order());
    composed.push(", id").push(walk.order()).push(" LIMIT ");
    composed.bind(Argument::Int(i64::from(query.limit) + 1));
    Ok(composed)
}

/// The statement of a page that follows another, for tests of how it is carried out.
#[cfg(test)]
pub(crate) fn page_text(
    shape: &Shape,
    by: &'static str,
    descending: bool,
    filter: Option<&Filter>,
) -> Result<String> {
    let begin = Position { value: SortValue::Int(0), id: String::new() };
    let query = ListQuery {
        filter: filter.cloned(),
        sort: domain::list::Sort { by, descending },
        limit: 20,
        from: From::After(begin),
        total: false,
    };
    Ok(page_statement("", shape, &query)?.text)
}

fn count_statement(tenant: &str, shape: &Shape, filter: Option<&Filter>) -> Result<Composed> {
    let mut composed = Composed::new(tenant);
    for (at, source) in shape.sources.iter().enumerate() {
        composed.push(if at == 0 { "SELECT (SELECT COUNT(*) " } else { " + (SELECT COUNT(*) " });
        composed.push(source);
        if let Some(filter) = filter {
            composed.push(" AND ");
            composed.filter(filter, shape)?;
        }
        composed.push(")");
    }
    composed.push(" AS n");
    Ok(composed)
}

fn position(cells: Cells<'_>) -> Result<Position> {
    let value = match cells.int("sort_value") {
        Ok(number) => SortValue::Int(number),
        Err(_) => SortValue::Text(cells.string("sort_value")?),
    };
    Ok(Position { value, id: cells.string("id")? })
}

/// How many rows of a list pass a filter.
pub(crate) async fn count(
    conn: &mut Conn,
    tenant: &str,
    shape: &Shape,
    filter: Option<&Filter>,
) -> Result<i64> {
    let rows = conn.search(count_statement(tenant, shape, filter)?).await?;
    rows.first().map_or(Ok(0), |row| Cells(row).int("n"))
}

/// The rows of a page, by their positions.
pub(crate) async fn page(
    conn: &mut Conn,
    tenant: &str,
    shape: &Shape,
    query: &ListQuery,
) -> Result<Positions> {
    let composed = page_statement(tenant, shape, query)?;
    let rows = match query.filter {
        Some(_) => conn.search(composed).await?,
        None => conn.rows(composed.statement()).await?,
    };
    let mut found = crate::statement::each(&rows, position)?;
    let total = match query.total {
        true => Some(count(conn, tenant, shape, query.filter.as_ref()).await?),
        false => None,
    };
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let backwards = matches!(query.from, From::Before(_));
    if backwards {
        found.reverse();
    }
    let begun = query.from != From::Start;
    let (has_next, has_prev) = if backwards { (true, more) } else { (more, begun) };
    let next = found.last().filter(|_| has_next).cloned().map(From::After);
    let prev = found.first().filter(|_| has_prev).cloned().map(From::Before);
    Ok(Page { data: found, next, prev, total })
}

/// `head ($2, $3, …) tail` for the ids of a page, with the tenant as `$1`; `None` for an empty page.
pub(crate) fn of_ids(
    pieces: (&'static str, &'static str),
    tenant: &str,
    page: &Positions,
) -> Option<Statement> {
    let ids: Vec<&str> = page.data.iter().map(|position| position.id.as_str()).collect();
    with_ids(pieces, (tenant, Vec::new()), &ids)
}

/// `head (…) tail` with the tenant as `$1`, what else the head binds from `$2`, and then the ids;
/// `None` without ids. They are repeated up to a power of two, so that pages of all lengths share
/// a few statements.
pub(crate) fn with_ids(
    (head, tail): (&'static str, &'static str),
    (tenant, more): (&str, Vec<Argument>),
    ids: &[&str],
) -> Option<Statement> {
    if ids.is_empty() {
        return None;
    }
    let mut composed = Composed::new(tenant);
    composed.arguments.extend(more);
    composed.push(head);
    let width = ids.len().next_power_of_two();
    for (at, id) in ids.iter().cycle().take(width).enumerate() {
        composed.push(if at == 0 { "(" } else { ", " });
        composed.bind(Argument::Text((*id).to_owned()));
    }
    composed.push(")").push(tail);
    Some(composed.statement())
}

/// Ends a page before what hangs on its rows is more than `most` together; one row it has always.
/// The rows that are left out are on the next page in the direction that was asked for.
pub(crate) fn shorten(
    mut page: Positions,
    query: &ListQuery,
    most: usize,
    weight: impl Fn(&Position) -> usize,
) -> Positions {
    let mut sum = 0;
    let mut fits = |position: &&Position| {
        sum += weight(position);
        sum <= most
    };
    let backwards = matches!(query.from, From::Before(_));
    let kept = match backwards {
        true => page.data.iter().rev().take_while(&mut fits).count(),
        false => page.data.iter().take_while(&mut fits).count(),
    };
    let left_out = page.data.len().saturating_sub(kept.max(1));
    if left_out > 0 && backwards {
        page.data.drain(..left_out);
        page.prev = page.data.first().cloned().map(From::Before);
    } else if left_out > 0 {
        page.data.truncate(page.data.len() - left_out);
        page.next = page.data.last().cloned().map(From::After);
    }
    page
}

/// Puts rows, found by their ids, into the order of a page; ids whose rows are gone are left out.
pub(crate) fn in_order<T>(page: Positions, rows: Vec<T>, id: impl Fn(&T) -> &str) -> Page<T> {
    let mut rows: std::collections::HashMap<String, T> =
        rows.into_iter().map(|row| (id(&row).to_owned(), row)).collect();
    let data = page.data.iter().filter_map(|position| rows.remove(&position.id)).collect();
    page.with(data)
}
