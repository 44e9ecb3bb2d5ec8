//! `/api/v1/oauth-tokens` (contract, section 6).

use serde_json::{Value, json};

use crate::call::Answer;
use crate::flow::{AuthRequest, Tokens};
use crate::world::{Person, Tenant, World};

const PATH: &str = "/api/v1/oauth-tokens";
const SCOPE: &str = "openid user_default offline_access";

/// A grant with refresh tokens of a person's, for the web client.
async fn grant(world: &World, tenant: &Tenant, person: &Person) -> Tokens {
    let request = AuthRequest::new(&tenant.web, SCOPE);
    let code = world.code_in(&mut world.browser(tenant), &request, person).await;
    Tokens::of(&world.exchange(tenant, &tenant.web, &code).await)
}

async fn get(world: &World, tenant: &Tenant, bearer: &str, query: &str) -> Answer {
    world.get(tenant, &format!("{PATH}{query}")).bearer(bearer).send().await
}

async fn delete(world: &World, bearer: &str, id: &str) -> Answer {
    world.call("DELETE", "a.test", &format!("{PATH}/{id}")).bearer(bearer).send().await
}

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("data");
    data.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
}

both! {
    async fn a_list_has_ones_own_and_an_administrator_sees_all(world) {
        let (a, b) = (&world.a, &world.b);
        let alice = grant(&world, a, &a.alice).await;
        let bob = grant(&world, a, &a.bob).await;
        grant(&world, b, &b.alice).await;
        let admin = world.machine_token(a).await;
        let own = get(&world, a, alice.access(), "").await.expect(200).json();
        let entry = &own["data"][0];
        assert_eq!(ids(&own).len(), 1);
        assert_eq!(entry["id"], crate::jwt::claims(alice.access())["grantId"]);
        assert_eq!(entry["tenantId"], a.id.as_str());
        assert_eq!(entry["userId"], a.alice.id.as_str());
        assert_eq!(entry["clientId"], a.web.id());
        let told = entry["description"].as_str().expect("a text");
        assert!(told.starts_with("Reports: "), "{told}");
        assert!(SCOPE.split(' ').all(|scope| told.contains(scope)), "{told}");
        assert_eq!(entry["lastUsed"], "2027-01-15T08:00:00.25Z");
        assert!(entry["deviceType"].is_string());
        let all = get(&world, a, &admin, "").await.expect(200).json();
        assert_eq!(ids(&all).len(), 2, "and none of the other tenant");
        let bobs = format!("?userId={}", a.bob.id);
        let filtered = get(&world, a, &admin, &bobs).await.expect(200).json();
        assert_eq!(filtered["data"][0]["userId"], a.bob.id.as_str());
        assert_eq!(ids(&filtered).len(), 1);
        assert!(ids(&get(&world, a, alice.access(), &bobs).await.expect(200).json()).is_empty());
        assert_eq!(ids(&get(&world, a, bob.access(), &bobs).await.expect(200).json()).len(), 1);
        // Without offline_access there is nothing that lasts.
        world.tokens(a, &a.web, "openid user_default").await;
        assert_eq!(ids(&get(&world, a, &admin, "").await.json()).len(), 2);
        let rows = world.rows().await;
        assert!(!rows.iter().any(|row| row.contains(alice.refresh())));
    }

    async fn pages_go_there_and_back(world) {
        let a = &world.a;
        for _ in 0..5 {
            grant(&world, a, &a.alice).await;
        }
        let admin = world.machine_token(a).await;
        let (mut query, mut there) = ("?limit=2&sort=userId".to_owned(), Vec::new());
        let last = loop {
            let page = get(&world, a, &admin, &query).await.expect(200).json();
            there.push(ids(&page));
            match page["links"]["next"]["href"].as_str() {
                Some(href) => {
                    assert!(href.starts_with("https://a.test/api/v1/oauth-tokens?"), "{href}");
                    query = format!("?{}", href.split_once('?').expect("a query").1);
                }
                None => break page,
            }
        };
        assert_eq!(there.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        let prev = last["links"]["prev"]["href"].as_str().expect("a link");
        let prev = format!("?{}", prev.split_once('?').expect("a query").1);
        assert_eq!(ids(&get(&world, a, &admin, &prev).await.expect(200).json()), there[1]);
        let foreign = world.machine_token(&world.b).await;
        get(&world, &world.b, &foreign, &prev).await.expect(400);
        for bad in ["?limit=0", "?limit=101", "?sort=scope", "?page=x", "?page=", "?userId=%27"] {
            let refused = get(&world, a, &admin, bad).await.expect(400).json();
            assert!(refused["errors"][0]["source"]["parameter"].is_string(), "{bad}");
        }
    }

    async fn revoking_ends_refresh_and_access_tokens_on_every_node(world) {
        let a = &world.a;
        let kept = grant(&world, a, &a.alice).await;
        let tokens = grant(&world, a, &a.alice).await;
        let claims = crate::jwt::claims(tokens.access());
        let id = claims["grantId"].as_str().expect("a grant");
        let (other, mut feed) = world.second_node().await;
        get(&other, a, tokens.access(), "").await.expect(200);
        delete(&world, tokens.access(), id).await.expect(204);
        get(&world, a, tokens.access(), "").await.expect_error(401, "invalid_token");
        feed.poll().await.expect("reads");
        get(&other, a, tokens.access(), "").await.expect_error(401, "invalid_token");
        world.refresh(a, &a.web, tokens.refresh()).await.expect_error(400, "invalid_grant");
        let left = ids(&get(&world, a, kept.access(), "").await.expect(200).json());
        assert_eq!(left, [crate::jwt::claims(kept.access())["grantId"].as_str().expect("a grant")]);
        world.refresh(a, &a.web, kept.refresh()).await.expect(200);
        delete(&world, kept.access(), id).await.expect(404);
        let told = world.audit(a, "grant.revoked").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].details["clientId"], json!(a.web.id()));
        other.engine().store().close().await;
    }

    async fn nobody_revokes_other_peoples_but_an_administrator(world) {
        let (a, b) = (&world.a, &world.b);
        let alice = grant(&world, a, &a.alice).await;
        let bob = grant(&world, a, &a.bob).await;
        let foreign = grant(&world, b, &b.alice).await;
        let id = |tokens: &Tokens| {
            crate::jwt::claims(tokens.access())["grantId"].as_str().expect("a grant").to_owned()
        };
        let before = world.facts().await;
        let theirs = id(&alice);
        for unknown in [theirs.as_str(), &id(&foreign), "unknown", "a%20b", "%27--", &"x".repeat(300)] {
            let refused = delete(&world, bob.access(), unknown).await.expect(404).json();
            assert_eq!(refused["errors"][0]["code"], "OAUTH-TOKENS-7", "{unknown}");
        }
        // An administrator's app that was given little is no administrator.
        let little = grant(&world, a, &a.admin).await;
        delete(&world, little.access(), &theirs).await.expect(404);
        let admin = world.machine_token(a).await;
        delete(&world, &admin, &id(&foreign)).await.expect(404);
        assert!(before.is_subset(&world.facts().await), "nothing is gone");
        delete(&world, &admin, &theirs).await.expect(204);
        get(&world, a, alice.access(), "").await.expect_error(401, "invalid_token");
        get(&world, a, bob.access(), "").await.expect(200);
    }

    async fn what_has_ended_is_not_listed(world) {
        let a = &world.a;
        grant(&world, a, &a.alice).await;
        world.clock.advance_seconds(31 * 86_400);
        let admin = world.machine_token(a).await;
        assert!(ids(&get(&world, a, &admin, "").await.expect(200).json()).is_empty());
    }
}
