//! A client from its making to its end.

use serde_json::json;

use super::{Admin, PATH, refusal};
use crate::world::{App, World};

async fn grant(world: &World, id: &str, secret: &str) -> crate::call::Answer {
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    world.token(&world.a, &form).await
}

both! {
    async fn a_machine_client_from_making_to_deletion(world) {
        let admin = Admin::of(&world, &world.a).await;
        let made = admin.post("", &json!({
            "appType": "web", "clientName": "Nightly export",
            "allowedGrantTypes": ["client_credentials"], "allowedScopes": ["user_default"],
        })).await;
        let body = made.expect(201).json();
        let id = body["clientId"].as_str().expect("an id").to_owned();
        let secret = body["clientSecret"].as_str().expect("a secret").to_owned();
        assert_eq!(made.header("location"), Some(format!("https://a.test{PATH}/{id}").as_str()));
        assert!(secret.ends_with(body["clientSecretHint"].as_str().expect("a hint")));
        assert_eq!(body["ownerId"], world.a.id.as_str());
        assert_eq!(body["createdByType"], "service");
        // A machine waits for trust.
        grant(&world, &id, &secret).await.expect_error(400, "unauthorized_client");
        let (one, config) = (format!("/{id}"), format!("/{id}/connection-configs/me"));
        assert_eq!(admin.get(&config).await.expect(200).json()["consentMethod"], "required");
        let trust = json!([{"op": "replace", "path": "/consentMethod", "value": "trusted"}]);
        admin.patch(&config, &trust).await.expect(204);
        let token = grant(&world, &id, &secret).await.access_token();
        // Read: everything but the secret.
        let read = admin.get(&one).await;
        assert!(!read.text().contains(&secret));
        assert_eq!(read.expect(200).json()["connectionConfig"]["consentMethod"], "trusted");
        let rename = json!([{"op": "replace", "path": "/clientName", "value": "Renamed"}]);
        admin.patch(&one, &rename).await.expect(204);
        let found = admin.get("?filter=clientName%20eq%20%22RENAMED%22&totalResults=true").await;
        let found = found.expect(200).json();
        assert_eq!(found["totalResults"], 1);
        assert_eq!(found["data"][0]["clientId"], id.as_str());
        // Secrets: five at most, the last one is not removed by mistake.
        let secrets = format!("/{id}/client-secrets");
        let second = admin.call("POST", &secrets).send().await.expect(201).json();
        for _ in 0..3 {
            admin.post(&secrets, &json!({"label": "spare"})).await.expect(201);
        }
        let sixth = admin.post(&secrets, &json!({})).await;
        assert_eq!(refusal(&sixth, 409).0, "OAUTH-CLIENTS-5");
        assert!(sixth.text().contains("The max number of client secrets is 5"));
        let first = format!("{secrets}/{}", &secret[59..]);
        admin.delete(&first).await.expect(204);
        grant(&world, &id, &secret).await.expect_error(401, "invalid_client");
        grant(&world, &id, second["clientSecret"].as_str().expect("a secret")).await.access_token();
        assert_eq!(refusal(&admin.delete(&first).await, 404).0, "OAUTH-CLIENTS-7");
        // Publishing: users are asked from now on, and a machine is not let in.
        let published = admin.call("POST", &format!("/{id}/actions/publish")).send().await;
        let published = published.expect(201).json();
        world.clock.advance_seconds(5);
        let again = admin.call("POST", &format!("/{id}/actions/publish")).send().await;
        assert_eq!(again.expect(201).json(), published);
        assert_eq!(refusal(&admin.patch(&config, &trust).await, 400).1, "/0/value");
        let second = second["clientSecret"].as_str().expect("a secret");
        grant(&world, &id, second).await.expect_error(400, "unauthorized_client");
        // Gone, with its tokens.
        let wrong = admin.call("DELETE", &one).header("qlik-confirm-delete", "other").send().await;
        assert_eq!(refusal(&wrong, 400).1, "qlik-confirm-delete");
        let right = admin.call("DELETE", &one).header("qlik-confirm-delete", &id).send().await;
        right.expect(204);
        admin.get(&one).await.expect(404);
        let me = world.get(&world.a, "/api/v1/users/me").bearer(&token).send().await;
        me.expect_error(401, "invalid_token");
    }

    async fn a_method_brings_its_secret_and_takes_it_along(world) {
        let admin = Admin::of(&world, &world.a).await;
        let key = domain::jose::SigningKey::generate(domain::jose::Alg::ES384).expect("a key");
        let key = serde_json::to_value(key.public_jwk()).expect("JSON");
        let made = admin.post("", &json!({
            "appType": "web", "clientName": "By key", "allowedAuthMethods": ["private_key_jwt"],
            "publicKeys": [key], "allowedScopes": ["user_default"],
        })).await.expect(201).json();
        assert!(made.get("clientSecret").is_none());
        let one = format!("/{}", made["clientId"].as_str().expect("an id"));
        let add = json!([{"op": "add", "path": "/allowedAuthMethods/-", "value": "client_secret"}]);
        let added = admin.patch(&one, &add).await.expect(202).json();
        assert_eq!(added["clientSecret"].as_str().map(str::len), Some(64));
        let only = |method: &str| {
            json!([{"op": "replace", "path": "/allowedAuthMethods", "value": [method]}])
        };
        admin.patch(&one, &only("private_key_jwt")).await.expect(204);
        let read = admin.get(&one).await.expect(200).json();
        assert_eq!(read["clientSecrets"], json!([]));
        admin.patch(&one, &only("client_secret")).await.expect(202);
        let read = admin.get(&one).await.expect(200).json();
        assert_eq!(read["publicKeys"], json!([]));
    }

    async fn a_body_that_does_not_fit_is_refused_in_plain_words(world) {
        let admin = Admin::of(&world, &world.a).await;
        let secrets = format!("/{}/client-secrets", world.a.m2m.id());
        let time = "/expiresAt is a time such as 2027-01-31T12:00:00Z, up to the year 9999.";
        for (path, body, told) in [
            ("", json!([]), "The body is a JSON object."),
            ("", json!("x"), "The body is a JSON object."),
            ("", json!({"appType": "web"}), "/clientName is missing."),
            ("", json!({"appType": "desktop", "clientName": "x"}), "/appType is one of: web,"),
            ("", json!({"appType": "web", "clientName": 7}), "/clientName is a text."),
            ("", json!({"appType": "web", "clientName": "x", "redirectUris": "y"}), "/redirectUris is a list."),
            ("", json!({"appType": "web", "clientName": "x", "requirePkce": 1}), "/requirePkce is true or false."),
            (&secrets, json!({"expiresAt": "9999-12-31T23:59:59Z"}), time),
            (&secrets, json!({"expiresAt": "-010000-01-01T00:00:00Z"}), time),
            (&secrets, json!({"expiresAt": "tomorrow"}), time),
            (&secrets, json!({"expiresAt": 1}), "/expiresAt is a text."),
        ] {
            let refused = admin.post(path, &body).await.expect(400).json();
            let detail = refused["errors"][0]["detail"].as_str().expect("a detail");
            assert!(detail.starts_with(told), "{body}: {detail}");
            for leak in ["struct", "variant", "sequence", "invalid type", "expected", "civil"] {
                assert!(!refused.to_string().contains(leak), "{body}: {refused}");
            }
        }
    }

    async fn what_breaks_a_rule_is_pointed_at_and_changes_nothing(world) {
        let admin = Admin::of(&world, &world.a).await;
        let one = format!("/{}", world.a.web.id());
        let before = world.facts().await;
        for (body, place) in [
            (json!({"appType": "web"}), "/clientName"),
            (json!({"clientName": "x"}), "/appType"),
            (json!({"appType": "desktop", "clientName": "x"}), "/appType"),
            (json!({"appType": "web", "clientName": "x", "colour": 1}), "/colour"),
            (json!({"appType": "web", "clientName": ""}), "/clientName"),
            (json!({"appType": "spa", "clientName": "x", "allowedScopes": ["admin_classic"]}), "/allowedScopes/0"),
            (json!({"appType": "spa", "clientName": "x", "allowedGrantTypes": ["client_credentials"]}), "/allowedGrantTypes"),
            (json!({"appType": "web", "clientName": "x", "redirectUris": ["https://a/#f"]}), "/redirectUris/0"),
            (json!({"appType": "web", "clientName": "x", "logoUri": "https://127.0.0.1/x"}), "/logoUri"),
            (json!({"appType": "web", "clientName": "x", "allowedScopes": ["openid", "a b"]}), "/allowedScopes/1"),
            (json!({"appType": "web", "clientName": "x", "allowedScopes": ["openid", "nix"]}), "/allowedScopes/1"),
            (json!({"appType": "anonymous-embed", "clientName": "x", "connectionConfig": {"consentMethod": "trusted"}}), "/connectionConfig/consentMethod"),
            (json!({"appType": "web", "clientName": "x", "allowedAuthMethods": ["private_key_jwt"], "jwksUri": "http://example.com/k"}), "/jwksUri"),
        ] {
            assert_eq!(refusal(&admin.post("", &body).await, 400).1, place, "{body}");
        }
        for (operation, place) in [
            (json!({"op": "replace", "path": "/appType", "value": "spa"}), "/1/path"),
            (json!({"op": "move", "path": "/description"}), "/1/op"),
            (json!({"op": "replace", "path": "/clientName", "value": 7}), "/1/value"),
            (json!({"op": "replace", "path": "/redirectUris/9", "value": "x"}), "/1/path"),
            (json!({"op": "add", "path": "/redirectUris/-", "value": "http://evil.example"}), "/1/value"),
            (json!({"op": "add", "path": "/allowedScopes/-", "value": "nix"}), "/1/value"),
            (json!({"op": "replace", "path": "/allowedScopes", "value": ["openid", "nix"]}), "/1/value/1"),
            (json!({"op": "add", "path": "/redirectUris", "value": ["https://a.example/", "http://b.example/"]}), "/1/value/1"),
        ] {
            let good = json!({"op": "replace", "path": "/description", "value": "changed"});
            let answer = admin.patch(&one, &json!([good, operation])).await;
            assert_eq!(refusal(&answer, 400).1, place, "{operation}");
        }
        assert_eq!(world.facts().await, before);
        // The other tenant's clients are not there.
        let other = format!("/{}", world.b.web.id());
        admin.get(&other).await.expect(404);
        admin.patch(&other, &json!([{"op": "remove", "path": "/description"}])).await.expect(404);
        admin.delete(&other).await.expect(404);
    }

    async fn of_two_patches_at_once_neither_is_lost(world) {
        let (two, _) = world.second_node().await;
        let app: &App = &world.a.web;
        let (here, there) = (Admin::of(&world, &world.a).await, Admin::of(&two, &two.a).await);
        let one = format!("/{}", app.id());
        for round in 0..5 {
            let text = round.to_string();
            let name = json!([{"op": "replace", "path": "/clientName", "value": text}]);
            let description = json!([{"op": "replace", "path": "/description", "value": text}]);
            let (a, b) = tokio::join!(here.patch(&one, &name), there.patch(&one, &description));
            a.expect(204);
            b.expect(204);
            let read = here.get(&one).await.expect(200).json();
            assert_eq!((&read["clientName"], &read["description"]), (&json!(text), &json!(text)));
        }
    }

    async fn changes_of_a_list_by_value_meet_and_nothing_is_lost(world) {
        let admin = Admin::of(&world, &world.a).await;
        let one = format!("/{}", world.a.web.id());
        let add = |uri: &str| json!([
            {"op": "remove-value", "path": "/redirectUris", "value": [uri]},
            {"op": "add", "path": "/redirectUris/-", "value": uri},
        ]);
        let before = admin.get(&one).await.expect(200).json()["redirectUris"].as_array().expect("a list").len();
        let (first, second) = (add("https://first.example/"), add("https://second.example/"));
        let both = tokio::join!(admin.patch(&one, &first), admin.patch(&one, &second));
        both.0.expect(204);
        both.1.expect(204);
        // Once more is no more.
        admin.patch(&one, &first).await.expect(204);
        let uris = admin.get(&one).await.expect(200).json()["redirectUris"].clone();
        assert_eq!(uris.as_array().expect("a list").len(), before + 2, "{uris}");
        for (path, value) in [
            ("/redirectUris/0", json!("https://first.example/")), ("/clientName", json!("x")),
            ("/requirePkce", json!(true)),
        ] {
            let wrong = json!([{"op": "remove-value", "path": path, "value": value}]);
            assert_eq!(refusal(&admin.patch(&one, &wrong).await, 400).1, "/0/path", "{path}");
        }
        let gone = json!([{"op": "remove-value", "path": "/redirectUris",
            "value": ["https://first.example/", "https://second.example/", "https://never.example/"]}]);
        admin.patch(&one, &gone).await.expect(204);
        let uris = admin.get(&one).await.expect(200).json()["redirectUris"].clone();
        assert_eq!(uris.as_array().expect("a list").len(), before, "{uris}");
    }
}
