use proptest::prelude::*;
use serde_json::json;

use super::*;

const RULES: Rules = Rules {
    ops: &[Op::Add, Op::Remove, Op::Replace, Op::Test, Op::RemoveValue],
    paths: &["/name", "/list", "/list/*", "/map/*/roles"],
    bare_paths: false,
};

fn parse(body: Value) -> Result<Patch, PatchError> {
    Patch::parse(body, &RULES)
}

fn applied(body: Value) -> Result<Value, PatchError> {
    let mut document = json!({"name": "Old", "list": ["a", "b"], "map": {"1": {"roles": []}}});
    parse(body)?.apply(&mut document)?;
    Ok(document)
}

#[test]
fn what_is_not_allowed_is_pointed_at() {
    let step = |op: &str, path: &str| json!({"op": op, "path": path, "value": "x"});
    for (body, pointer, word) in [
        (json!({}), "", "array"),
        (json!([]), "", "1 to 50"),
        (json!([step("add", "/name"), "x"]), "/1", "object"),
        (json!([{"path": "/name"}]), "/0/op", "add, remove"),
        (json!([step("move", "/name")]), "/0/op", "add, remove"),
        (json!([{"op": 7, "path": "/name"}]), "/0/op", "add, remove"),
        (json!([{"op": "add", "value": 1}]), "/0/path", "JSON pointer"),
        (json!([{"op": "add", "path": 1, "value": 1}]), "/0/path", "JSON pointer"),
        (json!([{"op": "add", "path": "/name"}]), "/0/value", "needs a value"),
        (json!([step("add", "/name"), step("replace", "/id")]), "/1/path", "/map/*/roles"),
        (json!([step("add", "")]), "/0/path", "cannot be changed"),
        (json!([step("add", "/")]), "/0/path", "cannot be changed"),
        (json!([step("add", "name")]), "/0/path", "cannot be changed"),
        (json!([step("add", "/name/")]), "/0/path", "cannot be changed"),
        (json!([step("add", "/list/")]), "/0/path", "cannot be changed"),
        (json!([step("add", "/list/0/x")]), "/0/path", "cannot be changed"),
        (json!([step("replace", "/list/-")]), "/0/path", "`add` only"),
        (json!([step("add", &format!("/list/{}", "1".repeat(300)))]), "/0/path", "cannot"),
    ] {
        let error = parse(body.clone()).expect_err("refused");
        assert_eq!(error.pointer(), pointer, "{body}");
        assert!(error.to_string().contains(word), "{body}: {error}");
    }
    let many = |n: usize| Value::Array(vec![step("add", "/name"); n]);
    assert!(parse(many(MAX_OPERATIONS)).is_ok());
    assert_eq!(parse(many(MAX_OPERATIONS + 1)).expect_err("too many").pointer(), "");
    let long = |op: &str, n: usize| json!([step("add", "/name"), {"op": op, "path": "/list", "value": vec!["x"; n]}]);
    for op in ["add", "replace", "test", "remove-value"] {
        assert!(parse(long(op, MAX_VALUES)).is_ok(), "{op}");
        let error = parse(long(op, MAX_VALUES + 1)).expect_err("too many");
        assert_eq!(
            (error.pointer().as_str(), error.to_string().as_str()),
            ("/1/value", "A list has at most 1000 values.")
        );
    }
}

#[test]
fn operations_do_what_they_say() {
    for (body, at, expected) in [
        (json!([{"op": "replace", "path": "/name", "value": "New"}]), "/name", json!("New")),
        (json!([{"op": "add", "path": "/list/-", "value": "c"}]), "/list", json!(["a", "b", "c"])),
        (json!([{"op": "add", "path": "/list/0", "value": "c"}]), "/list", json!(["c", "a", "b"])),
        (json!([{"op": "remove", "path": "/list/0"}]), "/list", json!(["b"])),
        (json!([{"op": "remove-value", "path": "/list", "value": "a"}]), "/list", json!(["b"])),
        (
            json!([{"op": "remove-value", "path": "/list", "value": ["a", "z"]}]),
            "/list",
            json!(["b"]),
        ),
        (json!([{"op": "add", "path": "/map/1/roles", "value": [1]}]), "/map/1/roles", json!([1])),
    ] {
        let document = applied(body.clone()).expect("applies");
        assert_eq!(document.pointer(at), Some(&expected), "{body}");
    }
    let removed = applied(json!([{"op": "remove", "path": "/name"}])).expect("applies");
    assert_eq!(removed.get("name"), None);
}

#[test]
fn what_does_not_fit_the_document_changes_nothing() {
    for (second, pointer) in [
        (json!({"op": "remove", "path": "/list/2"}), "/1/path"),
        (json!({"op": "add", "path": "/list/4", "value": 1}), "/1/path"),
        (json!({"op": "add", "path": "/list/00", "value": 1}), "/1/path"),
        (json!({"op": "add", "path": "/list/~", "value": 1}), "/1/path"),
        (json!({"op": "replace", "path": "/list/9999999999999999999999", "value": 1}), "/1/path"),
        (json!({"op": "test", "path": "/name", "value": "Older"}), "/1/value"),
        (json!({"op": "remove-value", "path": "/name", "value": 1}), "/1/path"),
        (json!({"op": "add", "path": "/map/2/roles", "value": 1}), "/1/path"),
    ] {
        let mut document = json!({"name": "Old", "list": ["a", "b"], "map": {}});
        let before = document.clone();
        let first = json!({"op": "replace", "path": "/list", "value": ["z", "y"]});
        let patch = parse(json!([first, second])).expect("allowed");
        let error = patch.apply(&mut document).expect_err("does not fit");
        assert_eq!(error.pointer(), pointer, "{second}");
        assert_eq!(document, before);
    }
}

#[test]
fn later_errors_lead_to_the_last_operation_on_the_field() {
    let patch = parse(json!([
        {"op": "add", "path": "/list/-", "value": "x"},
        {"op": "remove", "path": "/name"},
        {"op": "add", "path": "/list/0", "value": "y"},
    ]));
    let patch = patch.expect("allowed");
    let pointer = |field| patch.blame((field, Some(1)), "is wrong").map(|error| error.pointer());
    assert_eq!(pointer("list").as_deref(), Some("/2/value"));
    assert_eq!(pointer("name").as_deref(), Some("/1/path"));
    assert_eq!(pointer("map"), None);
}

#[test]
fn an_element_is_told_where_the_sender_has_it() {
    for (second, place) in [
        (json!({"op": "replace", "path": "/list", "value": ["x", "y"]}), "/1/value/1"),
        (json!({"op": "add", "path": "/list", "value": ["x", "y"]}), "/1/value/1"),
        (json!({"op": "test", "path": "/list", "value": ["x", "y"]}), "/1/value"),
        (json!({"op": "remove-value", "path": "/list", "value": ["x", "y"]}), "/1/value"),
        (json!({"op": "add", "path": "/list/-", "value": "y"}), "/1/value"),
        (json!({"op": "replace", "path": "/list", "value": "y"}), "/1/value"),
    ] {
        let first = json!({"op": "replace", "path": "/list", "value": ["z"]});
        let patch = parse(json!([first, second])).expect("allowed");
        let error = patch.blame(("list", Some(1)), "is wrong").expect("an operation");
        assert_eq!(error.pointer(), place, "{second}");
    }
}

#[test]
fn paths_without_a_slash_are_read_where_the_rules_say_so() {
    let rules = Rules { bare_paths: true, ..RULES };
    let body = json!([{"op": "replace", "path": "name", "value": "x"}]);
    let patch = Patch::parse(body, &rules).expect("allowed");
    assert_eq!(patch.operations()[0].path, "/name");
    assert_eq!(patch.operations()[0].field(), "name");
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(steps in proptest::collection::vec(
        ("add|remove|replace|test|remove-value", "/(name|list|list/([0-9]{1,3}|-|~[01]?)|map/1/roles)"),
        1..12,
    )) {
        let steps: Vec<Value> =
            steps.iter().map(|(op, path)| json!({"op": op, "path": path, "value": "v"})).collect();
        drop(applied(Value::Array(steps)));
    }
}
