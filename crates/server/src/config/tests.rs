//! What an operator sees: each test is a file or an environment, and the exact lines of the answer.

use std::path::Path;

use serde_json::json;

use super::*;

type Environment<'a> = &'a [(&'a str, &'a str)];

fn environment(env: Environment<'_>) -> impl Iterator<Item = (String, String)> {
    env.iter().map(|(name, value)| (String::from(*name), String::from(*value)))
}

/// Loads a file of this text; its name is `c.toml` in messages.
fn load_with(text: impl AsRef<[u8]>, env: Environment<'_>) -> Result<Config, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c.toml");
    std::fs::write(&path, text).unwrap();
    let prefix = format!("{}/", directory.path().display());
    load(Some(&path), environment(env)).map_err(|errors| errors.to_string().replace(&prefix, ""))
}

fn load_text(text: &str) -> Result<Config, String> {
    load_with(text, &[])
}

fn load_env(env: Environment<'_>) -> Result<Config, String> {
    load(None, environment(env)).map_err(|errors| errors.to_string())
}

#[track_caller]
fn refused(text: &str, lines: &[&str]) {
    assert_eq!(load_text(text).unwrap_err().lines().collect::<Vec<_>>(), lines);
}

#[track_caller]
fn refused_env(env: Environment<'_>, lines: &[&str]) {
    assert_eq!(load_env(env).unwrap_err().lines().collect::<Vec<_>>(), lines);
}

#[test]
fn nothing_at_all_gives_the_defaults() {
    assert_eq!(load_env(&[]), Ok(Config::default()));
    assert_eq!(load_text(""), Ok(Config::default()));
    let config = Config::default();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.origin("localhost"), "https://localhost");
    let data = std::path::absolute("./data").unwrap();
    let directory = format!("sqlite://{}/directory.db", data.display());
    assert_eq!(config.directory_url().expose(), directory);
    assert_eq!(config.master_key_file(), data.join("master.key"));
}

#[test]
fn the_example_is_the_defaults() {
    assert_eq!(load_text(example()), Ok(Config::default()));
}

#[test]
fn the_example_has_every_key_and_its_optional_lines_are_valid() {
    let uncommented: Vec<&str> = example()
        .lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|rest| !rest.is_empty() && !rest.starts_with(' '))
                .unwrap_or(line)
        })
        .collect();
    let config = load_text(&uncommented.join("\n")).unwrap();
    let shown = serde_json::to_value(&config).unwrap();
    for key in schema::all_keys() {
        let found = shown.pointer(&format!("/{}", key.replace("<name>", "eu").replace('.', "/")));
        assert!(found.is_some(), "the example does not mention {key}");
    }
}

#[test]
fn the_schema_describes_every_key_and_gives_its_default() {
    fn walk(name: &str, rule: &serde_json::Value) {
        assert!(rule["description"].is_string() || name.is_empty(), "{name} has no description");
        let properties = rule["properties"].as_object();
        assert!(
            properties.is_none() || rule["additionalProperties"] == json!(false),
            "{name} takes unknown keys"
        );
        for (key, inner) in properties.into_iter().flatten() {
            walk(&format!("{name}.{key}"), inner);
        }
    }
    let schema = schema();
    walk("", &schema);
    let limits = &schema["properties"]["server"]["properties"]["limits"]["properties"];
    assert_eq!(limits["max_body_bytes"]["default"], json!(65536));
    assert!(!schema.to_string().contains("\"null\""), "TOML has no null");
    insta::assert_json_snapshot!(schema);
}

#[test]
fn a_whole_file_is_read() {
    let config = load_text(
        r#"
        [server]
        listen = "[::]:8443"
        external_port = 8443
        base_domain = "auth.example.com"
        trusted_proxies = ["10.0.0.0/8", "fd00::/8"]
        tls = { certificate = "a.pem", key = "b.pem" }
        limits.max_connections = 5
        [log]
        format = "json"
        [database]
        directory = "postgres://db.example.com/directory"
        [database.regions]
        eu = "postgres://db.eu.example.com/eu"
        "#,
    )
    .unwrap();
    assert_eq!(config.server.origin("t.eu.auth.example.com"), "https://t.eu.auth.example.com:8443");
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.server.tls.unwrap().key, Path::new("b.pem"));
    assert_eq!(config.server.limits.max_connections, 5);
    assert_eq!(config.server.limits.max_body_bytes, 65536);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn a_node_serves_the_regions_that_are_named() {
    let config = load_text("[database.regions]\neu = \"postgres://db/eu\"").unwrap();
    assert_eq!(config.region_url("eu").unwrap().expose(), "postgres://db/eu");
    assert_eq!(config.region_url("us"), None);
}

#[test]
fn unknown_keys_are_refused_with_the_one_that_was_meant() {
    refused(
        "[server]\nlisten = \"127.0.0.1:1\"\nlisetn = \"127.0.0.1:2\"\nkeep_alive_seconds = 3\n\n[sever]\nx = 1\n[log]\ncolour = true\n",
        &[
            "c.toml:3:1: server.lisetn: there is no such key; did you mean `listen`?",
            "c.toml:4:1: server.keep_alive_seconds: there is no such key; `server.limits.keep_alive_seconds` is where it belongs",
            "c.toml:6:2: sever: there is no such key; did you mean `server`?",
            "c.toml:9:1: log.colour: there is no such key; [log] has the keys format, level, requests",
        ],
    );
}

#[test]
fn values_of_the_wrong_kind_are_refused() {
    refused(
        "[server]\nlisten = 8080\ntrusted_proxies = \"10.0.0.0/8\"\nlimits = 3\n[server.tls]\ncertificate = [\"a\"]\nkey = 1979-05-27\n[outbound]\nallow_private_addresses = \"yes\"\ntimeout_seconds = 1.5\n[database]\nmax_connections = \"8\"\n",
        &[
            "c.toml:2:10: server.listen: a whole number does not fit here; write a text in \"quotes\"",
            "c.toml:3:19: server.trusted_proxies: a text does not fit here; write a list: [\"…\", \"…\"]",
            "c.toml:4:10: server.limits: a whole number does not fit here; make it a section: a line with its name in [brackets], then its keys",
            "c.toml:6:15: server.tls.certificate: a list does not fit here; write a text in \"quotes\"",
            "c.toml:7:7: server.tls.key: a date does not fit here; write a text in \"quotes\"",
            "c.toml:9:27: outbound.allow_private_addresses: a text does not fit here; write true or false, without quotes",
            "c.toml:10:19: outbound.timeout_seconds: a fraction or a number that is too big does not fit here; write a whole number, without quotes",
            "c.toml:12:19: database.max_connections: a text does not fit here; write a whole number, without quotes",
        ],
    );
}

#[test]
fn values_out_of_range_are_refused() {
    refused(
        "[server]\nexternal_port = 0\nworker_threads = 0\n[server.limits]\nmax_body_bytes = 12\nmax_header_bytes = 99999999\n[passwords]\nmemory_kib = 1\niterations = -1\n[caches]\nchange_poll_milliseconds = 60000\n",
        &[
            "c.toml:2:17: server.external_port: 0 is too small; use a number from 1 to 65535",
            "c.toml:3:18: server.worker_threads: 0 is too small; use a number from 1 to 1024",
            "c.toml:5:18: server.limits.max_body_bytes: 12 is too small; use a number from 1024 to 16777216",
            "c.toml:6:20: server.limits.max_header_bytes: 99999999 is too big; use a number from 8192 to 1048576",
            "c.toml:8:14: passwords.memory_kib: 1 is too small; use a number from 7168 to 4194304",
            "c.toml:9:14: passwords.iterations: -1 is too small; use a number from 1 to 64",
            "c.toml:11:28: caches.change_poll_milliseconds: 60000 is too big; use a number from 50 to 1000",
        ],
    );
}

#[test]
fn texts_of_the_wrong_form_are_refused() {
    refused(
        "[server]\nlisten = \"8080\"\nexternal_scheme = \"htps\"\nbase_domain = \"https://example.com\"\ntrusted_proxies = [\n  \"10.0.0.0/8\",\n  \"10.1.2.3\",\n]\ndata_dir = \"\"\n[log]\nlevel = \"loud\"\nrequests = \"some\"\n[database.regions]\nEU = \"sqlite:///a.db\"\n",
        &[
            "c.toml:2:10: server.listen: \"8080\" is not an address with a port; write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"",
            "c.toml:3:19: server.external_scheme: \"htps\" is not a choice; did you mean \"https\"?",
            "c.toml:4:15: server.base_domain: \"https://example.com\" is not a host name; write the name only, without scheme and path: \"example.com\"",
            "c.toml:7:3: server.trusted_proxies: \"10.1.2.3\" is not a network; for this one address write \"10.1.2.3/32\"",
            "c.toml:9:12: server.data_dir: the value is empty; give it one, or leave the key out",
            "c.toml:11:9: log.level: \"loud\" is not a log level; write a level (error, warn, info, debug, trace), or \"info,countersign::net=debug\"",
            "c.toml:12:12: log.requests: \"some\" is not a choice; use one of \"errors\", \"all\", \"none\"",
            "c.toml:14:1: database.regions.EU: \"EU\" has characters that a host name cannot have; use 1 to 63 lower-case letters, digits and inner hyphens, such as \"eu\"",
        ],
    );
}

#[test]
fn a_certificate_needs_its_key() {
    refused(
        "[server.tls]\ncertificate = \"a.pem\"\n",
        &["c.toml:1:1: server.tls.key: the key is missing; set it too, or leave [server.tls] out"],
    );
}

#[test]
fn contradictions_are_refused_where_they_were_set() {
    refused(
        "[metrics]\nlisten = \"127.0.0.1:8080\"\n[server]\nexternal_scheme = \"http\"\ntls = { certificate = \"a\", key = \"b\" }\nlimits.request_timeout_seconds = 10\n[passwords]\nmemory_kib = 7168\nparallelism = 64\n",
        &[
            "c.toml:2:10: metrics.listen: 127.0.0.1:8080 collides with server.listen, 127.0.0.1:8080; use another port",
            "c.toml:4:19: server.external_scheme: \"http\" contradicts [server.tls]: every URL that the server makes would be refused by itself; set it to \"https\", or leave [server.tls] out",
            "c.toml:6:34: server.limits.body_timeout_seconds: 15 is more than request_timeout_seconds; use at most 10, or raise request_timeout_seconds",
        ],
    );
    refused(
        "[database.regions]\neu = \"postgres://u:hunter2@db/one\"\nus = \"postgres://u:hunter2@db/one\"\n",
        &[
            "c.toml:3:6: database.regions.us: region eu has the same database; give each a database of its own",
        ],
    );
}

#[test]
fn a_sqlite_file_is_not_shared_and_a_server_may_be() {
    let shared = |url: &str| format!("[database]\ndirectory = \"{url}\"\nregions.eu = \"{url}\"\n");
    assert!(load_text(&shared("postgres://db/one")).is_ok());
    refused(
        &shared("sqlite:///one.db"),
        &[
            "c.toml:3:14: database.regions.eu: the directory has the same database; give each a database of its own",
        ],
    );
}

#[test]
fn broken_toml_is_refused_with_its_place_and_without_its_text() {
    let error = load_text(
        "[server]\nlisten = \"127.0.0.1:1\n[database]\ndirectory = postgres://u:hunter2@db/d\n",
    )
    .unwrap_err();
    assert!(error.starts_with("c.toml:2:"), "{error}");
    assert!(error.contains("\nc.toml:4:"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    let repeated = load_text("[log]\nlevel = \"info\"\nlevel = \"warn\"\n").unwrap_err();
    assert!(
        repeated.starts_with("c.toml:3:1: the TOML cannot be read: duplicate key"),
        "{repeated}"
    );
}

#[test]
fn files_that_are_no_text_are_refused() {
    let error = load_with(b"[log]\nlevel = \"\xff\"\n", &[]).unwrap_err();
    assert_eq!(error, "c.toml:2:10: the text is not UTF-8; save the file as UTF-8");
    let error = load_with(vec![b' '; 1_048_577], &[]).unwrap_err();
    assert_eq!(error, "c.toml: has 1048577 bytes; a configuration has at most 1 MiB");
    let error = load(Some(Path::new("/nowhere/c.toml")), environment(&[])).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/c.toml: cannot be read: No such file"), "{error}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let config = load_with(
        "[server]\nlisten = \"127.0.0.1:1\"\nexternal_port = 1\n",
        &[
            ("COUNTERSIGN__SERVER__LISTEN", "127.0.0.1:2"),
            ("COUNTERSIGN__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
            ("COUNTERSIGN__SERVER__LIMITS__MAX_CONNECTIONS", "7"),
            ("COUNTERSIGN__OUTBOUND__ALLOW_PRIVATE_ADDRESSES", "true"),
            ("COUNTERSIGN__DATABASE__REGIONS__US_EAST", "sqlite:///us.db"),
            ("COUNTERSIGN__SERVER__TLS__CERTIFICATE", "c.pem"),
            ("COUNTERSIGN__SERVER__TLS__KEY", "k.pem"),
            ("COUNTERSIGN_LOG", "somebody else's"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.server.external_port, Some(1));
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.server.limits.max_connections, 7);
    assert!(config.outbound.allow_private_addresses);
    assert_eq!(config.region_url("us-east").unwrap().expose(), "sqlite:///us.db");
    assert_eq!(config.server.tls.unwrap().certificate, Path::new("c.pem"));
    let emptied = load_with(
        "[server]\ntrusted_proxies = [\"10.0.0.0/8\"]",
        &[("COUNTERSIGN__SERVER__TRUSTED_PROXIES", "")],
    );
    assert_eq!(emptied, Ok(Config::default()));
}

#[test]
fn wrong_variables_are_refused_by_name() {
    refused_env(
        &[
            ("COUNTERSIGN__SERVER__LISTEN", "nowhere"),
            ("COUNTERSIGN__SERVER__WORKER_THREADS", "many"),
            ("COUNTERSIGN__SERVER__LISETN", "x"),
            ("COUNTERSIGN__SERVR__LISTEN", "x"),
            ("COUNTERSIGN__LOG__FORMAT", "xml"),
            ("COUNTERSIGN__LOG__COLOUR", "x"),
            ("COUNTERSIGN__LOG", "json"),
            ("COUNTERSIGN__LOG__LEVEL__X", "x"),
            ("COUNTERSIGN__", "x"),
        ],
        &[
            "environment variable COUNTERSIGN__: there is no such key; the file has the sections caches, database, keys, limits, log, metrics, outbound, passwords, rate_limits, scopes, server, sign_in",
            "environment variable COUNTERSIGN__LOG: log: this is a section; set one of its keys, such as COUNTERSIGN__LOG__FORMAT",
            "environment variable COUNTERSIGN__LOG__COLOUR: log.colour: there is no such key; [log] has the keys format, level, requests",
            "environment variable COUNTERSIGN__LOG__FORMAT: log.format: \"xml\" is not a choice; use one of \"text\", \"json\"",
            "environment variable COUNTERSIGN__LOG__LEVEL__X: log.level.x: there is no such key; did you mean COUNTERSIGN__LOG__LEVEL?",
            "environment variable COUNTERSIGN__SERVER__LISETN: server.lisetn: there is no such key; did you mean COUNTERSIGN__SERVER__LISTEN?",
            "environment variable COUNTERSIGN__SERVER__LISTEN: server.listen: \"nowhere\" is not an address with a port; write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"",
            "environment variable COUNTERSIGN__SERVER__WORKER_THREADS: server.worker_threads: a text does not fit here; write a whole number, without quotes",
            "environment variable COUNTERSIGN__SERVR__LISTEN: servr.listen: there is no such key; did you mean COUNTERSIGN__SERVER__LISTEN?",
        ],
    );
}

#[test]
fn file_and_environment_are_reported_together() {
    let error =
        load_with("[log]\nlevel = \"\"\n", &[("COUNTERSIGN__SERVER__DATA_DIR", "")]).unwrap_err();
    assert_eq!(error.lines().count(), 2, "{error}");
}

#[test]
fn a_password_never_shows() {
    let text = "[database]\ndirectory = \"mysql://u:hunter2@db/d\"\n[database.regions]\neu = \"postgres://u:hunter2@/x\"\nus = [\"hunter2\"]\n";
    let env = [
        ("COUNTERSIGN__DATABASE__REGIONS__DE", "postgres://u:hunter2@db"),
        ("COUNTERSIGN__DATABASE__DIRECTRY", "hunter2"),
    ];
    let error = load_with(text, &env).unwrap_err();
    assert_eq!(error.lines().count(), 5, "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    let config = load_text("[database]\ndirectory = \"postgres://u:hunter2@db/d\"").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    assert!(!serde_json::to_string(&config).unwrap().contains("hunter2"));
}

#[test]
fn problems_are_also_data() {
    let path = Path::new("/nowhere/c.toml");
    let errors = load(Some(path), environment(&[])).unwrap_err();
    let json = serde_json::to_value(&errors).unwrap();
    assert_eq!(json[0]["place"], json!({ "source": "whole", "file": "/nowhere/c.toml" }));
}
