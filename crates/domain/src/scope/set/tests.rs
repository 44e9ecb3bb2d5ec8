//! How sets read, write and combine.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::scope::ScopeName;

fn set(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

#[test]
fn reads_loosely_and_writes_strictly() {
    assert_eq!(set("  b a  b ").as_str(), "b a");
    assert_eq!(set("").as_str(), "");
    assert_eq!(set("   "), ScopeSet::default());
    assert!(set("").is_empty() && set("").iter().next().is_none());
    assert_eq!(set("a b c").len(), 3);
    assert_eq!(ScopeSet::from_names(["b", "a", "b"]), Ok(set("b a")));
    assert_eq!(format!("{:?}", set("a b")), r#"{"a", "b"}"#);
}

#[test]
fn many_sets_become_one_as_if_joined_one_by_one() {
    let sets = [set("b a"), set(""), set("c a"), set("d b e")];
    let joined = sets.iter().fold(ScopeSet::default(), |all, one| all.union(one));
    assert_eq!(ScopeSet::all_of(&sets).as_str(), joined.as_str());
    assert_eq!(ScopeSet::all_of(&sets).as_str(), "b a c d e");
    assert_eq!(ScopeSet::all_of([]), ScopeSet::default());
}

#[test]
fn refuses_other_characters_and_sizes() {
    let name = Err(ScopeSetError::Name(InvalidScopeName));
    for text in ["a\tb", "a\nb", "\"a\"", "a\\b", "é", "a\u{a0}b", "a\0"] {
        assert_eq!(ScopeSet::parse(text), name, "{text:?}");
        assert_eq!(ScopeSet::from_names([text]), name);
    }
    for text in ["a b", ""] {
        assert_eq!(ScopeSet::from_names([text]), name);
        assert!(ScopeName::parse(text).is_err());
    }
    assert!(ScopeSet::parse(&"a".repeat(256)).is_ok());
    assert_eq!(ScopeSet::parse(&"a".repeat(257)), name);
    assert!(ScopeSet::parse(&"a ".repeat(200)).is_ok());
    assert_eq!(ScopeSet::parse(&"a ".repeat(201)), Err(ScopeSetError::TooMany));
    assert_eq!(ScopeSet::from_names(vec!["a"; 201]), Err(ScopeSetError::TooMany));
    assert_eq!(ScopeSet::parse(&" ".repeat(8193)), Err(ScopeSetError::TooLong));
    let long = "a".repeat(256);
    assert_eq!(ScopeSet::from_names(vec![long.as_str(); 40]), Err(ScopeSetError::TooLong));
}

#[test]
fn compares_as_a_set() {
    assert_eq!(set("a b"), set("b a"));
    assert_ne!(set("a b"), set("a"));
    assert_ne!(set("ab"), set("a b"));
    assert_ne!(set("aa b"), set("a bb"));
    assert!(set("a:b").contains("a:b") && !set("a:b").contains("a") && !set("a").contains(""));
}

#[test]
fn narrows_by_name_and_by_rule() {
    assert_eq!(set("a b c").without("b").as_str(), "a c");
    assert_eq!(set("a b").without("x").as_str(), "a b");
    assert_eq!(set("a").without("a"), ScopeSet::default());
    assert_eq!(set("a:r b a:w").filtered(|name| name.starts_with("a:")).as_str(), "a:r a:w");
}

#[test]
fn serialises_as_text() {
    let json = serde_json::to_string(&set("openid apps:read")).unwrap();
    assert_eq!(json, r#""openid apps:read""#);
    assert_eq!(serde_json::from_str::<ScopeSet>(&json).unwrap(), set("openid apps:read"));
    assert!(serde_json::from_str::<ScopeSet>(r#""a\tb""#).is_err());
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[!#-\\[\\]-~]{1,12}|[a-c]", 0..12)
}

proptest! {
    #[test]
    fn text_comes_back(names in names(), spaces in " {1,3}") {
        let parsed = set(&names.join(&spaces));
        prop_assert_eq!(&set(&parsed.to_string()).to_string(), parsed.as_str());
        let distinct: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        prop_assert_eq!(parsed.iter().collect::<BTreeSet<_>>(), distinct.clone());
        prop_assert_eq!(parsed.len(), distinct.len());
    }

    #[test]
    fn operations_are_those_of_sets(a in names(), b in names()) {
        let (left, right) = (set(&a.join(" ")), set(&b.join(" ")));
        let a: BTreeSet<&str> = a.iter().map(String::as_str).collect();
        let b: BTreeSet<&str> = b.iter().map(String::as_str).collect();
        let same = |ours: &ScopeSet, theirs: BTreeSet<&str>| ours.iter().collect::<BTreeSet<_>>() == theirs;
        prop_assert!(same(&left.union(&right), &a | &b));
        prop_assert!(same(&left.intersection(&right), &a & &b));
        prop_assert!(same(&left.difference(&right), &a - &b));
        prop_assert_eq!(left.is_subset(&right), a.is_subset(&b));
        prop_assert_eq!(left == right, a == b);
    }

    #[test]
    fn never_panics(text in ".{0,80}") {
        let _ = ScopeSet::parse(&text);
    }
}
