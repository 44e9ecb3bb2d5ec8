use proptest::prelude::*;

use super::*;

const TABLE: &[Attribute] = &[
    Attribute { name: "clientName", kind: Kind::Text },
    Attribute { name: "clientId", kind: Kind::Id },
    Attribute { name: "appType", kind: Kind::Word(&["web", "spa"]) },
    Attribute { name: "createdAt", kind: Kind::Time },
    Attribute { name: "enabled", kind: Kind::Flag },
    Attribute { name: "assignedRoles.name", kind: Kind::Text },
    Attribute { name: "assignedScopes", kind: Kind::Name },
];

fn parse(text: &str) -> Result<Filter, FilterError> {
    Filter::parse(text, TABLE)
}

fn test(name: &str, op: Op, operand: &str) -> Filter {
    let attribute = *TABLE.iter().find(|one| one.name == name).expect("known");
    Filter::Test(Test { attribute, op, operand: Operand::Text(operand.to_owned()) })
}

#[test]
fn the_contracts_examples_are_read() {
    let both = parse("appType eq \"spa\" and clientId eq \"b3ee66d6f21d1611efa89a425f656f6f\"");
    let (left, right) = (
        test("appType", Op::Eq, "spa"),
        test("clientId", Op::Eq, "b3ee66d6f21d1611efa89a425f656f6f"),
    );
    assert_eq!(both, Ok(Filter::And(vec![left, right])));
    let grouped =
        parse("(clientName eq \"Bob\" or CLIENTNAME EQ \"Alice\") AND not (assignedRoles.name pr)");
    let Ok(Filter::And(parts)) = grouped else { panic!("{grouped:?}") };
    assert!(matches!(&parts[0], Filter::Or(two) if two.len() == 2));
    assert!(matches!(&parts[1], Filter::Not(inner) if matches!(**inner, Filter::Test(_))));
}

#[test]
fn and_binds_stronger_than_or() {
    let a = || test("clientName", Op::Co, "a");
    let found = parse(r#"clientName co "A" or clientName co "a" and clientName co "a""#);
    assert_eq!(found, Ok(Filter::Or(vec![a(), Filter::And(vec![a(), a()])])));
}

#[test]
fn texts_are_json_strings() {
    let found = parse(r#"clientName eq "Ä \"q\" \\ \u00e9""#);
    assert_eq!(found, Ok(test("clientName", Op::Eq, "ä \"q\" \\ é")));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, at, word) in [
        ("", 1, "ends where a comparison"),
        ("clientName", 11, "operator"),
        ("clientName eq", 14, "a value"),
        ("clientName eq 5", 15, "quotation marks"),
        ("clientName like \"x\"", 12, "compared with: eq ne co"),
        ("nickname eq \"x\"", 1, "no attribute `nickname`: use clientName"),
        ("clientId gt \"x\"", 10, "compared with: eq ne co sw ew pr"),
        ("appType eq \"desktop\"", 12, "one of: web, spa"),
        ("createdAt gt \"yesterday\"", 14, "an instant"),
        ("enabled eq \"true\"", 12, "true or false"),
        ("(clientName pr", 15, "`)`"),
        ("clientName pr)", 14, "`and` or `or`"),
        ("not clientName pr", 5, "parentheses"),
        ("clientName eq \"x", 15, "no closing"),
        ("clientName eq \"\\x\"", 15, "as in JSON"),
        ("clientName eq \"\\u0000\"", 15, "as in JSON"),
        ("clientName eq 'x'", 15, "no meaning"),
        ("clientName pr and", 18, "a comparison"),
        ("and", 1, "no attribute `and`"),
    ] {
        let error = parse(text).expect_err(text);
        assert!(error.message.contains(word), "{text}: {error}");
        assert_eq!(error.at, at, "{text}: {error}");
    }
}

#[test]
fn length_tests_and_depth_are_bounded() {
    let many = |n: usize| vec!["clientName pr"; n].join(" or ");
    assert!(parse(&many(MAX_TESTS)).is_ok());
    assert!(parse(&many(MAX_TESTS + 1)).expect_err("too many").message.contains("at most 100"));
    let inside = |op: &str, n: usize| vec![format!("clientName {op} \"x\""); n].join(" or ");
    for op in ["co", "sw", "ew"] {
        assert!(parse(&inside(op, MAX_DEAR)).is_ok());
        let mixed = format!("clientName eq \"y\" or not ({})", inside(op, MAX_DEAR + 1));
        let told = parse(&mixed).expect_err("too many").message;
        assert!(told.contains("at most 10 comparisons with co, sw and ew"), "{told}");
    }
    assert!(parse(&inside("eq", MAX_TESTS)).is_ok());
    // Other rows are as dear, whatever they are asked; and both count together.
    let elsewhere = |name: &str, n: usize| vec![format!("{name} eq \"x\""); n].join(" or ");
    for name in ["assignedRoles.name", "assignedScopes"] {
        assert!(parse(&elsewhere(name, MAX_DEAR)).is_ok());
        let told = parse(&elsewhere(name, MAX_DEAR + 1)).expect_err("too many").message;
        assert!(told.contains("or of roles, groups and scopes"), "{told}");
        let mixed = format!("{} or clientName co \"x\"", elsewhere(name, MAX_DEAR));
        assert!(parse(&mixed).is_err());
    }
    let deep = |n: usize| format!("{}clientName pr{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&deep(MAX_DEPTH)).is_ok());
    assert!(parse(&deep(MAX_DEPTH + 1)).expect_err("too deep").message.contains("nested"));
    assert!(parse(&deep(4000)).expect_err("too deep").message.contains("nested"));
    let long = format!("clientName eq \"{}\"", "x".repeat(MAX_LENGTH));
    assert!(parse(&long).expect_err("too long").message.contains("bytes"));
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "(?s).{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn words_of_the_language_in_any_order(words in proptest::collection::vec(
        prop_oneof![
            Just("and"), Just("or"), Just("not"), Just("("), Just(")"), Just("eq"), Just("pr"),
            Just("clientName"), Just("createdAt"), Just("\"x\""), Just("true"), Just("\""),
        ], 0..24)) {
        let _ = parse(&words.join(" "));
    }
}
