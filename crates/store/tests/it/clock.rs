//! What a database knows of time.

use store::{ChangeKind, Engine};

use crate::bed::*;

both! {
    async fn the_newest_event_is_the_later_of_both_trails(bed) {
        let directory = bed.store.directory();
        let newest = directory.database().newest_event_at().await;
        assert_eq!(newest.expect("reads"), None, "nothing was written yet");
        let id = "organization:o";
        directory.change_append(id, ChangeKind::Client, "c", t(5)).await.expect("written");
        let newest = directory.database().newest_event_at().await;
        assert_eq!(newest.expect("reads"), Some(t(5)));
        directory.change_append(id, ChangeKind::Client, "c", t(9)).await.expect("written");
        let newest = directory.database().newest_event_at().await;
        assert_eq!(newest.expect("reads"), Some(t(9)));
    }
}

both! {
    async fn a_server_has_a_clock_of_its_own(bed) {
        let database = bed.store.directory().database();
        let (one, two) = (database.clock().await, database.clock().await);
        let (one, two) = (one.expect("answers"), two.expect("answers"));
        match database.engine() {
            Engine::Sqlite => assert_eq!((one, two), (None, None)),
            // Milliseconds since 1970, and not seconds or microseconds: this century.
            Engine::Postgres => {
                assert!(one <= two);
                let year = one.expect("a time").to_string();
                assert!(year.starts_with("20"), "{year}");
            }
        }
    }
}
