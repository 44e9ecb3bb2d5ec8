//! "Did you mean …?"
//!
//! Invariant: a suggestion is always a name that is valid there.

/// The candidate that is most like a mistyped name, if any is near enough to be meant.
pub(super) fn nearest<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_ascii_lowercase().replace('-', "_");
    let near = (typed.chars().count() / 3).clamp(1, 4);
    let scored = candidates.into_iter().map(|name| (distance(&typed, name), name));
    scored.filter(|(distance, _)| *distance <= near).min().map(|(_, name)| name)
}

/// Edits from one text to the other: insert, remove, replace, swap two neighbours (optimal string
/// alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // The longest name in the configuration has 26 characters: more is no typing error.
    if a.len() > 64 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(from != to);
            let mut best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *to && *from == b[j - 1] {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_are_recognized() {
        let keys = ["listen", "external_port", "base_domain", "tls"];
        assert_eq!(nearest("lisetn", keys), Some("listen"));
        assert_eq!(nearest("Listen", keys), Some("listen"));
        assert_eq!(nearest("external-port", keys), Some("external_port"));
        assert_eq!(nearest("basedomain", keys), Some("base_domain"));
        assert_eq!(nearest("workers", keys), None);
        assert_eq!(nearest(&"x".repeat(1000), keys), None);
    }

    #[test]
    fn distance_is_symmetric_and_counts_edits() {
        for (a, b, edits) in
            [("", "abc", 3), ("abc", "abc", 0), ("abcd", "acbd", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), edits);
            assert_eq!(distance(b, a), edits);
        }
    }
}
