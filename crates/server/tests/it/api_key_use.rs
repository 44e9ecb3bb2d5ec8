//! When an API key last worked: counted in memory, written by and by, and known afterwards, whatever
//! node is asked and whatever was in between.

use domain::time::plus_seconds;
use engine::jobs;
use serde_json::{Value, json};

use crate::api_keys::{make, post, token, works};
use crate::world::{World, t0};

/// What a node tells of a key to its owner, through another key, so that asking is no use of it.
async fn told(world: &World, asking: &Value, key: &Value) -> Value {
    let path = format!("/api/v1/api-keys/{}", key["id"].as_str().expect("an id"));
    let answer = world.get(&world.a, &path).bearer(token(asking)).send().await;
    answer.expect(200).json()["lastUsed"].clone()
}

/// Two keys of a person's: one to use, and one to ask with.
async fn two_keys(world: &World) -> (Value, Value) {
    let person = world.tokens(&world.a, &world.a.web, "user_default").await;
    let used = make(world, &world.a, person.access()).await;
    let asking = post(world, &world.a, person.access(), &json!({ "description": "Asks" })).await;
    (used, asking.expect(201).json())
}

async fn flush(world: &World) {
    jobs::flush(world.engine()).await.expect("flushed");
}

both! {
    async fn the_last_use_is_written_and_outlives_the_node(world) {
        let (key, asking) = two_keys(&world).await;
        assert_eq!(told(&world, &asking, &key).await, Value::Null, "never used");
        flush(&world).await;
        assert_eq!(told(&world, &asking, &key).await, Value::Null);
        assert!(works(&world, &world.a, token(&key)).await);
        flush(&world).await;
        assert_eq!(told(&world, &asking, &key).await, json!(t0()));
        // A program that is started again has nothing in memory.
        let (again, _) = world.second_node().await;
        assert_eq!(told(&again, &asking, &key).await, json!(t0()));
        flush(&again).await;
        assert_eq!(told(&again, &asking, &key).await, json!(t0()), "nothing new, nothing lost");
    }

    async fn of_two_nodes_the_later_use_stands_whoever_writes_first(world) {
        let (key, asking) = two_keys(&world).await;
        let (two, _) = world.second_node().await;
        assert!(works(&world, &world.a, token(&key)).await);
        world.clock.advance_seconds(60);
        assert!(works(&two, &two.a, token(&key)).await);
        let later = json!(plus_seconds(t0(), 60));
        flush(&two).await;
        assert_eq!(told(&two, &asking, &key).await, later);
        flush(&world).await;
        for node in [&world, &two] {
            assert_eq!(told(node, &asking, &key).await, later, "an older use moves nothing back");
        }
    }

    async fn a_refused_key_was_not_used(world) {
        let (key, asking) = two_keys(&world).await;
        let forged = format!("{}x", token(&key));
        assert!(!works(&world, &world.a, &forged).await);
        assert!(!works(&world, &world.b, token(&key)).await);
        flush(&world).await;
        assert_eq!(told(&world, &asking, &key).await, Value::Null);
    }

    async fn a_database_that_is_away_for_a_while_costs_no_use(world) {
        let (key, asking) = two_keys(&world).await;
        assert!(works(&world, &world.a, token(&key)).await);
        world.sql("ALTER TABLE api_key RENAME TO hidden".to_owned()).await;
        jobs::flush(world.engine()).await.expect_err("it cannot be written");
        world.sql("ALTER TABLE hidden RENAME TO api_key".to_owned()).await;
        flush(&world).await;
        assert_eq!(told(&world, &asking, &key).await, json!(t0()));
    }
}
