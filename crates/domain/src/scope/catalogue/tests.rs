//! The embedded catalogue's promises, files that must be refused, and what requests get.

use proptest::prelude::*;

use super::*;
use crate::scope::{Group, Refusal, RefusedScope, resolve};

fn embedded() -> Catalogue {
    Catalogue::embedded().unwrap()
}

fn set(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

fn parent(catalogue: &Catalogue, name: &str) -> Option<String> {
    let parent = catalogue.get(name).unwrap().parent.clone();
    parent.map(String::from)
}

#[test]
fn the_embedded_catalogue_holds_the_contract_and_openid_connect() {
    let catalogue = embedded();
    let count = |group| catalogue.iter().filter(|entry| entry.group == group).count();
    // Contract section 7: 101 scopes in tenants, 3 in regions, 1 in organizations; OIDC Core: 5.
    assert_eq!(count(Group::Oidc), 5);
    assert_eq!(catalogue.iter().count(), 101 + 3 + 1 + 5);
    assert_eq!(
        count(Group::Admin),
        catalogue.iter().filter(|e| e.name.as_str().starts_with("admin.")).count()
    );
    for name in [
        "knowledgebases:index",
        "knowledgebases:search",
        "admin.direct-access-gateways:register_gateway",
        "admin.direct-access-gateways:remote_configuration",
        "write-table:external_read",
        "offline_access",
        "openid",
    ] {
        assert!(catalogue.get(name).is_some(), "{name}");
    }
    for entry in catalogue.iter() {
        let first = entry.description.chars().next().unwrap();
        assert!(first.is_uppercase() && !entry.description.ends_with('.'), "{}", entry.name);
    }
}

#[test]
fn parents_are_those_of_the_contract() {
    let catalogue = embedded();
    for (name, expected) in [
        ("apps:read", Some("apps")),
        ("apps", Some("user_default")),
        ("app.share", Some("user_default")),
        ("admin.apps:export", Some("admin.apps")),
        ("admin.apps", Some("admin_classic")),
        ("admin.direct-access-gateways:delete_gateway", Some("admin_classic")),
        ("glossary:update", Some("glossary:manage")),
        ("spaces.shared:create", Some("spaces.shared")),
        ("user_default", None),
        ("admin_classic", None),
        ("offline_access", None),
        ("mcp:execute", None),
        ("identity.email:read", None),
        ("tenants:create", None),
        ("openid", None),
    ] {
        assert_eq!(parent(&catalogue, name).as_deref(), expected, "{name}");
    }
    let mut orphans = catalogue.iter().filter(|entry| entry.parent.is_none());
    assert!(orphans.all(|entry| matches!(entry.group, Group::Special | Group::Oidc)));
    let children: Vec<&str> = catalogue.children("apps").map(|entry| entry.name.as_str()).collect();
    assert_eq!(children, ["apps:export", "apps:read", "apps:manage"]);
    assert_eq!(catalogue.children("nonsense").count(), 0);
}

#[test]
fn a_parent_includes_its_descendants_and_not_the_other_way() {
    let catalogue = embedded();
    for (held, wanted, expected) in [
        ("apps", "apps:read", true),
        ("user_default", "apps:read", true),
        ("user_default", "user_default", true),
        ("admin_classic", "admin.users:read", true),
        ("apps:read", "apps", false),
        ("apps:read apps:export", "apps:manage", false),
        ("user_default", "admin.apps", false),
        ("admin_classic", "user_default", false),
        ("admin_classic", "apps", false),
        ("user_default admin_classic", "offline_access", false),
        ("user_default", "identity.email:read", false),
        ("user_default", "mcp:execute", false),
        ("user_default", "openid", false),
        ("user_default", "nonsense", false),
        ("nonsense", "nonsense", true),
        ("", "apps", false),
        ("apps", "", false),
    ] {
        assert_eq!(catalogue.implies(&set(held), wanted), expected, "{held} -> {wanted}");
    }
    let expanded = catalogue.expand(&set("openid admin.spaces glossary:all nonsense"));
    let all = "openid admin.spaces admin.spaces:read glossary:all glossary:manage glossary:update nonsense";
    assert_eq!(expanded.as_str(), all);
    let users_own = catalogue.iter().filter(|entry| entry.group == Group::User);
    assert_eq!(catalogue.expand(&set("user_default")).len(), 1 + users_own.count());
}

#[test]
fn who_may_hold_what() {
    let catalogue = embedded();
    use {AppType::*, Level::*};
    for (scope, app_type, level, expected) in [
        ("admin_classic", Web, Tenant, true),
        ("admin_classic", Web, Region, true),
        ("admin_classic", Spa, Tenant, false),
        ("admin_classic", Native, Tenant, false),
        ("admin_classic", AnonymousEmbed, Tenant, false),
        ("offline_access", Web, Tenant, true),
        ("offline_access", Native, Tenant, true),
        ("offline_access", Spa, Tenant, false),
        ("offline_access", AnonymousEmbed, Tenant, false),
        ("user_default", Spa, Tenant, true),
        ("user_default", Web, Organization, false),
        ("openid", Native, Tenant, true),
        ("tenants:create", Web, Region, true),
        ("tenants:deactivate", Web, Tenant, false),
        ("tenants:reactivate", Web, Organization, false),
        ("cloud-console.tenants:read", Web, Organization, true),
        ("cloud-console.tenants:read", Web, Region, false),
        ("nonsense", Web, Tenant, false),
    ] {
        assert_eq!(
            catalogue.may_hold(scope, app_type, level),
            expected,
            "{scope} {app_type} {level}"
        );
    }
}

#[test]
fn requests_get_what_the_allow_list_includes() {
    let catalogue = embedded();
    let resolve =
        |requested: &str, allowed: &str| resolve(&set(requested), &set(allowed), &catalogue);
    let refused = |name: &str, why| RefusedScope { name: name.to_owned(), why };
    let granted = |text: &str| Ok(set(text));

    assert_eq!(resolve("", "apps offline_access openid gone"), granted("apps openid"));
    assert_eq!(resolve("", ""), granted(""));
    assert_eq!(resolve("", "offline_access"), granted(""));
    assert_eq!(
        resolve("offline_access apps:read", "user_default offline_access"),
        granted("offline_access apps:read")
    );
    assert_eq!(resolve("apps", "apps"), granted("apps"));
    assert_eq!(resolve("apps", "apps:read"), Err(vec![refused("apps", Refusal::NotAllowed)]));
    assert_eq!(
        resolve("openid", "user_default"),
        Err(vec![refused("openid", Refusal::NotAllowed)])
    );
    let several = resolve("x apps admin_classic y", "apps y");
    let expected = vec![
        refused("x", Refusal::Unknown),
        refused("admin_classic", Refusal::NotAllowed),
        refused("y", Refusal::Unknown),
    ];
    assert_eq!(several, Err(expected.clone()));
    assert_eq!(expected[0].to_string(), "the scope x does not exist");
    assert_eq!(expected[1].to_string(), "the scope admin_classic is not allowed for this client");
}

fn scope(name: &str, more: &str) -> String {
    format!("[[scope]]\nname = \"{name}\"\ndescription = \"D\"\ngroup = \"user\"\n{more}\n")
}

#[test]
fn an_operators_file_may_have_its_own_scopes() {
    let file = scope("https://api.example/read", "")
        + &scope("a:b:c", "")
        + &scope("a", "")
        + &scope("d", "parent = \"a\"\napp_types = [\"web\"]\nlevels = [\"organization\"]");
    let catalogue = Catalogue::parse(&file).unwrap();
    assert_eq!(parent(&catalogue, "a:b:c").as_deref(), Some("a"));
    assert_eq!(parent(&catalogue, "d").as_deref(), Some("a"));
    assert_eq!(parent(&catalogue, "https://api.example/read"), None);
    assert!(catalogue.may_hold("a", AppType::AnonymousEmbed, Level::Tenant));
    assert!(catalogue.may_hold("d", AppType::Web, Level::Organization));
    assert!(!catalogue.may_hold("d", AppType::Web, Level::Tenant));
}

#[test]
fn refuses_files_that_are_not_sound() {
    let refused = |file: &str| Catalogue::parse(file).unwrap_err();
    let name = |text: &str| ScopeName::parse(text).unwrap();
    assert_eq!(refused(""), CatalogueError::Size);
    let many: String = (0..=MAX_SCOPES).map(|i| scope(&format!("s{i}"), "")).collect();
    assert_eq!(refused(&many), CatalogueError::Size);
    assert_eq!(refused(&(scope("a", "") + &scope("a", ""))), CatalogueError::Duplicate(name("a")));
    let unknown = CatalogueError::UnknownParent { scope: name("a"), parent: name("b") };
    assert_eq!(refused(&scope("a", "parent = \"b\"")), unknown);
    assert_eq!(refused(&scope("a", "parent = \"a\"")), CatalogueError::Cycle(name("a")));
    let ring = scope("a", "parent = \"b\"")
        + &scope("b", "parent = \"c\"")
        + &scope("c", "parent = \"a\"");
    assert_eq!(refused(&ring), CatalogueError::Cycle(name("a")));
    let chain: String = (0..=MAX_DEPTH + 1)
        .map(|i| {
            scope(
                &format!("s{i}"),
                &if i == 0 { String::new() } else { format!("parent = \"s{}\"", i - 1) },
            )
        })
        .collect();
    assert!(matches!(refused(&chain), CatalogueError::Cycle(_)));
    for bad in ["", "a b", "\\u0000", "é", "a\\\\b"] {
        assert!(matches!(refused(&scope(bad, "")), CatalogueError::Name { .. }), "{bad}");
    }
    assert!(matches!(refused(&scope("a", "parent = \"a b\"")), CatalogueError::Name { .. }));
    for holders in ["app_types = []", "levels = []"] {
        assert_eq!(refused(&scope("a", holders)), CatalogueError::NobodyMayHold(name("a")));
    }
    let nameless = scope("a", "").replace("\"D\"", "\" \"");
    assert_eq!(refused(&nameless), CatalogueError::Description(name("a")));
    for broken in [
        "[[scope]]\nname = \"a\"",
        "x = 1",
        "[[scope",
        &scope("a", "app_type = [\"web\"]"),
        &scope("a", "levels = [\"galaxy\"]"),
    ] {
        assert!(matches!(refused(broken), CatalogueError::Toml(_)), "{broken}");
    }
}

proptest! {
    #[test]
    fn a_grant_never_goes_beyond_the_allow_list(
        requested in proptest::collection::vec(0_usize..110, 0..6),
        allowed in proptest::collection::vec(0_usize..110, 0..6),
    ) {
        let catalogue = embedded();
        let pick = |places: &[usize]| ScopeSet::join(places.iter().map(|place| catalogue.entries[*place].name.as_str()));
        let (requested, allowed) = (pick(&requested), pick(&allowed));
        let expanded = catalogue.expand(&allowed);
        for name in requested.iter() {
            // Going up from the wanted scope and down from the held ones agree.
            prop_assert_eq!(catalogue.implies(&allowed, name), expanded.contains(name));
        }
        if let Ok(granted) = resolve(&requested, &allowed, &catalogue) {
            prop_assert!(granted.is_subset(&expanded));
            prop_assert!(!requested.is_empty() || !granted.contains("offline_access"));
        } else {
            prop_assert!(!requested.is_subset(&expanded));
        }
    }

    #[test]
    fn parse_never_panics(text in ".{0,80}", name in ".{0,20}") {
        let _ = Catalogue::parse(&text);
        let _ = Catalogue::parse(&scope(&name, &text));
    }
}
