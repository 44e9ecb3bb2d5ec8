//! What requests may look like, and what they may not.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

fn form(body: &str) -> Result<Params, ParamsError> {
    Params::from_form(body.as_bytes(), Limits::default())
}

fn json_body(body: &str) -> Result<Params, ParamsError> {
    Params::from_json(body.as_bytes(), Limits::default())
}

fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[test]
fn a_form_and_json_read_the_same() {
    let from_form = form("grant_type=client_credentials&client_secret=a%2Bb+c&n=7&t=true").unwrap();
    let from_json =
        json_body(r#"{"grant_type":"client_credentials","client_secret":"a+b c","n":7,"t":true}"#)
            .unwrap();
    for params in [from_form, from_json] {
        assert_eq!(params.get("grant_type"), Ok(Some("client_credentials")));
        assert_eq!(params.get("client_secret"), Ok(Some("a+b c")));
        assert_eq!(params.get("n"), Ok(Some("7")));
        assert_eq!(params.get("t"), Ok(Some("true")));
        assert_eq!(params.get("absent"), Ok(None));
        let shown = format!("{params:?}");
        assert!(shown.contains("client_secret") && !shown.contains("a+b"), "{shown}");
    }
}

#[test]
fn unescaped_queries_of_the_contracts_clients_are_read() {
    // Contract section 0, trap 10.
    let params =
        form("scope=user_default offline_access&redirect_uri=http://localhost:3000/cb?x=1")
            .unwrap();
    assert_eq!(params.get("scope"), Ok(Some("user_default offline_access")));
    assert_eq!(params.get("redirect_uri"), Ok(Some("http://localhost:3000/cb?x=1")));
}

#[test]
fn empty_is_absent_and_repeated_is_an_error() {
    let params = form("&a=&b&=x&c=1&c=1&d=&d=2&&").unwrap();
    assert_eq!(params.get("a"), Ok(None));
    assert_eq!(params.get("b"), Ok(None));
    assert_eq!(params.get("c"), Err(DuplicateParam("c".into())));
    assert_eq!(params.get("d"), Ok(Some("2")));
    assert_eq!(params.all("c").collect::<Vec<_>>(), ["1", "1"]);
    let params = json_body(r#"{"a":"","b":null,"c":{"x":[1]}}"#).unwrap();
    assert_eq!(params.get("a"), Ok(None));
    assert_eq!(params.get("b"), Ok(None));
    assert_eq!(params.get("c"), Ok(Some(r#"{"x":[1]}"#)));
    let twice = json_body(r#"{"a":1,"a":2}"#).unwrap_err();
    assert_eq!(twice, ParamsError::Json(StrictJsonError::Duplicate("a".into())));
    assert_eq!(twice.to_string(), "the request body has the member `a` twice");
    // The same name in two spellings is the same name.
    assert!(form("scope=a&sc%6fpe=b").unwrap().get("scope").is_err());
}

#[test]
fn broken_encodings_are_refused_with_their_place() {
    let value = |error| ParamsError::Value { name: "a".into(), error };
    for body in ["a=%", "a=%4", "a=%zz", "a=%+1", "x=1&a=b%"] {
        assert_eq!(form(body).unwrap_err(), value(FormDecodeError::Escape), "{body}");
    }
    assert_eq!(form("a=%ff").unwrap_err(), value(FormDecodeError::Utf8));
    assert_eq!(form("a=%00").unwrap_err(), value(FormDecodeError::Nul));
    assert_eq!(json_body(r#"{"a":"\u0000"}"#).unwrap_err(), value(FormDecodeError::Nul));
    let name = ParamsError::Name { number: 2, error: FormDecodeError::Escape };
    assert_eq!(form("x=1&%=b").unwrap_err(), name);
    assert_eq!(
        name.to_string(),
        "the name of parameter number 2 has a `%` that is not followed by two hexadecimal digits"
    );
    for body in ["", "[]", "\"client_secret\"", "{", "{} {}", "a=b"] {
        assert!(matches!(json_body(body), Err(ParamsError::Json(_))), "{body}");
    }
}

#[test]
fn everything_is_bounded() {
    let limits = Limits { total: 60, count: 3, name: 4, value: 5 };
    let form = |body: &str| Params::from_form(body.as_bytes(), limits).unwrap_err();
    let json = |body: Value| Params::from_json(body.to_string().as_bytes(), limits).unwrap_err();
    assert_eq!(form(&"a".repeat(61)), ParamsError::TooLarge(60));
    assert_eq!(json(json!("a".repeat(61))), ParamsError::TooLarge(60));
    assert_eq!(form("a=&b=&c=&d="), ParamsError::TooMany(3));
    assert_eq!(json(json!({"a": 1, "b": 2, "c": 3, "d": 4})), ParamsError::TooMany(3));
    let long_name = ParamsError::NameTooLong { number: 1, limit: 4 };
    assert_eq!(form("abcde=1"), long_name);
    assert_eq!(json(json!({"abcde": 1})), long_name);
    let long_value = ParamsError::ValueTooLong { name: "a".into(), limit: 5 };
    assert_eq!(form("a=123456"), long_value);
    assert_eq!(json(json!({"a": 123_456})), long_value);
    assert_eq!(json(json!({"a": {"b": 1}})), long_value);
    // Escapes count once decoded.
    assert!(Params::from_form(b"%61=%31%32%33%34%35", limits).is_ok());
}

#[test]
fn user_lookup_is_read_in_each_shape() {
    let expected = Ok(Some(("subject".to_owned(), "auth0|alice".to_owned())));
    let object = r#"{"user_lookup":{"field":"subject","value":"auth0|alice"}}"#;
    assert_eq!(json_body(object).unwrap().user_lookup(), expected);
    for body in [
        "user_lookup=%7B%22field%22:%22subject%22,%22value%22:%22auth0|alice%22%7D",
        "user_lookup[field]=subject&user_lookup[value]=auth0%7Calice",
        "user_lookup%5Bvalue%5D=auth0|alice&user_lookup%5Bfield%5D=subject",
        "user_lookup.field=subject&user_lookup.value=auth0|alice",
        "user_lookup_field=subject&user_lookup_value=auth0|alice",
    ] {
        assert_eq!(form(body).unwrap().user_lookup(), expected, "{body}");
    }
    assert_eq!(form("a=b").unwrap().user_lookup(), Ok(None));
    assert_eq!(form("user_lookup=").unwrap().user_lookup(), Ok(None));
}

#[test]
fn user_lookup_is_refused_when_unclear() {
    let refused = |body: &str| form(body).unwrap().user_lookup().unwrap_err();
    let both = "user_lookup.field=a&user_lookup.value=b&user_lookup_field=a&user_lookup_value=b";
    assert_eq!(refused(both), UserLookupError::Mixed);
    let nested = r#"user_lookup={"field":"a","value":"b"}"#;
    assert_eq!(
        refused(&format!("{nested}&user_lookup.field=a&user_lookup.value=c")),
        UserLookupError::Mixed
    );
    assert_eq!(refused("user_lookup.field=a"), UserLookupError::Missing("value"));
    assert_eq!(refused("user_lookup[value]=a"), UserLookupError::Missing("field"));
    // Halves of two shapes do not make a whole.
    assert_eq!(
        refused("user_lookup.field=a&user_lookup_value=b"),
        UserLookupError::Missing("value")
    );
    assert!(matches!(refused(&format!("{nested}&{nested}")), UserLookupError::Duplicate(_)));
    assert_eq!(refused("user_lookup=alice").to_string(), "it is not valid JSON (line 1, column 1)");
    assert_eq!(refused(r#"user_lookup={"field":"a"}"#), UserLookupError::Missing("value"));
    assert_eq!(
        refused(r#"user_lookup={"field":1,"value":"b"}"#),
        UserLookupError::Missing("field")
    );
    let twice = r#"user_lookup={"field":"a","value":"b","value":"c"}"#;
    assert_eq!(refused(twice), UserLookupError::Json(StrictJsonError::Duplicate("value".into())));
}

proptest! {
    #[test]
    fn forms_come_back(pairs in proptest::collection::vec(("[^\\x00]{1,20}", "[^\\x00]{1,40}"), 0..20)) {
        let params = form(&encoded(&pairs)).unwrap();
        prop_assert_eq!(params.names().count(), pairs.len());
        for (name, _) in &pairs {
            let sent: Vec<&str> =
                pairs.iter().filter(|(each, _)| each == name).map(|(_, value)| value.as_str()).collect();
            prop_assert_eq!(params.all(name).collect::<Vec<_>>(), sent.clone());
            match sent[..] {
                [one] => prop_assert_eq!(params.get(name), Ok(Some(one))),
                _ => prop_assert!(params.get(name).is_err()),
            }
        }
    }

    #[test]
    fn json_comes_back(pairs in proptest::collection::btree_map("[^\\x00]{0,20}", "[^\\x00]{1,40}", 0..20)) {
        let object: Map<String, Value> =
            pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let params = json_body(&Value::Object(object).to_string()).unwrap();
        for (name, value) in &pairs {
            prop_assert_eq!(params.get(name), Ok(Some(value.as_str())));
        }
    }

    #[test]
    fn decoding_inverts_encoding(text in "[^\\x00]{0,80}") {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        prop_assert_eq!(form_decode(encoded.as_bytes()), Ok(text));
    }

    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for params in [
            Params::from_form(&bytes, Limits::default()),
            Params::from_json(&bytes, Limits::default()),
        ].into_iter().flatten() {
            let _ = params.user_lookup();
        }
    }

    #[test]
    fn never_panics_on_almost_forms(body in r#"[a=&%+0-9f\[\]{}":,.]{0,80}"#) {
        let _ = form(&body).map(|params| params.user_lookup());
        let _ = form(&format!("user_lookup={body}")).map(|params| params.user_lookup());
    }
}
