//! What people type at a terminal: passwords and secrets, which are never shown, and a yes before
//! something is deleted. And what is shown there, which must not act on it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::installation::{Databases, Installation};
use super::program::eventually;
use super::remote::Home;
use super::remote::stub::{Answer, Stub};

/// What came out of something so far.
struct Words {
    text: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

impl Words {
    fn follow(mut source: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            let mut some = [0; 1024];
            // A terminal whose other side is closed ends with an error.
            while let Ok(read @ 1..) = source.read(&mut some) {
                kept.lock().expect("the text").push_str(&String::from_utf8_lossy(&some[..read]));
            }
        });
        Self { text, reader }
    }

    fn ends_with(&self, what: &str) -> bool {
        self.text.lock().expect("the text").ends_with(what)
    }

    fn all(self) -> String {
        self.reader.join().expect("read");
        self.text.lock().expect("the text").clone()
    }
}

/// A terminal with somebody in front of it, and the program at it.
struct Terminal {
    keyboard: File,
    screen: Words,
    child: Child,
    err: Words,
}

impl Terminal {
    fn start(words: &[&str]) -> Self {
        Self::start_in(&[], words)
    }

    fn start_in(environment: &[(&str, &str)], words: &[&str]) -> Self {
        Self::launch(environment, words, |_| Stdio::null())
    }

    /// With standard output on the screen, too.
    fn showing(environment: &[(&str, &str)], words: &[&str]) -> Self {
        Self::launch(environment, words, |slave| slave.try_clone().expect("a handle").into())
    }

    fn launch(
        environment: &[(&str, &str)],
        words: &[&str],
        out: impl FnOnce(&File) -> Stdio,
    ) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("granted");
        unlockpt(&master).expect("unlocked");
        let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("UTF-8");
        let slave = File::options().read(true).write(true).open(name).expect("the other side");
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.env_clear().envs(environment.iter().copied());
        command.args(words).stdout(out(&slave)).stdin(slave).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let err = Words::follow(child.stderr.take().expect("a pipe"));
        let keyboard = File::from(master);
        let screen = Words::follow(keyboard.try_clone().expect("a second handle"));
        Self { keyboard, screen, child, err }
    }

    /// Types a line once the question is there; the terminal must be silent by then.
    async fn type_at(&mut self, question: &str, line: &str) {
        eventually(question, || self.err.ends_with(question).then_some(())).await;
        let modes = tcgetattr(&self.keyboard).expect("the modes").local_modes;
        assert!(!modes.contains(LocalModes::ECHO), "silent before it asks");
        self.keyboard.write_all(format!("{line}\n").as_bytes()).expect("typed");
    }

    /// Types a line, which everybody may see, once the question is there.
    async fn answer_at(&mut self, question: &str, line: &str) {
        eventually(question, || self.err.ends_with(question).then_some(())).await;
        self.keyboard.write_all(format!("{line}\n").as_bytes()).expect("typed");
    }

    /// The exit code, what was said on standard error, and what the screen showed of the typing.
    async fn end(mut self) -> (Option<i32>, String, String) {
        let ended = || self.child.try_wait().expect("a status");
        let status = eventually("the end", ended).await;
        (status.code(), self.err.all(), self.screen.all())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_password_is_asked_for_twice_and_not_shown() {
    let place = Installation::plain(Databases::Sqlite).await;
    let config = place.config.display().to_string();
    let start = |email: &str| {
        let words =
            ["admin", "user", "create", "--config", &config, "--tenant", "app", "--name", "Typed"];
        Terminal::start(&[&words[..], &["--email", email]].concat())
    };
    let mut terminal = start("one@example.test");
    terminal.type_at("Password: ", "a typed password").await;
    terminal.type_at("Password again: ", "a typed password").await;
    let (code, err, screen) = terminal.end().await;
    assert_eq!(code, Some(0), "{err}");
    assert!(!screen.contains("typed password") && !err.contains("typed password"), "{screen}");
    let mut terminal = start("two@example.test");
    terminal.type_at("Password: ", "a typed password").await;
    terminal.type_at("Password again: ", "another password").await;
    let (code, err, _) = terminal.end().await;
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("the two passwords differ"), "{err}");
    let users = place.cli.json("admin user list", &["--tenant", "app"]).await;
    let users = users["data"].as_array().expect("data");
    assert_eq!(users.len(), 1, "only the first was made: {users:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_client_secret_is_stored_and_not_shown() {
    let home = Home::new();
    let folder = home.folder().display().to_string();
    let words = ["context", "create", "typed", "--server", "https://a.example", "--client-id", "c"];
    let mut terminal = Terminal::start_in(&[("COUNTERSIGN_HOME", &folder)], &words);
    terminal.type_at("Client secret: ", "a typed secret of a client").await;
    let (code, err, screen) = terminal.end().await;
    assert_eq!(code, Some(0), "{err}");
    assert!(!screen.contains("typed secret") && !err.contains("typed secret"), "{screen}");
    let stored = std::fs::read_to_string(home.file()).expect("read");
    assert!(stored.contains("a typed secret of a client"), "{stored}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_yes_deletes() {
    let client = Answer::new(200, &serde_json::json!({ "clientId": "c1", "clientName": "Robot" }));
    let stub = Stub::start([client.clone(), client, Answer::text(204, "")]).await;
    let home = Home::of(&stub.origin).await;
    let folder = home.folder().display().to_string();
    for (typed, code) in [("y", 1), ("yes", 0)] {
        let words = ["oauth-client", "rm", "c1"];
        let mut terminal = Terminal::start_in(&[("COUNTERSIGN_HOME", &folder)], &words);
        terminal.answer_at("Type yes: ", typed).await;
        let (ended, err, _) = terminal.end().await;
        assert_eq!(ended, Some(code), "{err}");
        assert!(err.contains("the client Robot (c1), which stops working at once"), "{err}");
    }
    let asked: Vec<String> = stub.asked().into_iter().map(|one| one.line).collect();
    let read = "GET /api/v1/oauth-clients/c1";
    assert_eq!(asked, [read, read, "DELETE /api/v1/oauth-clients/c1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_cannot_write_on_the_terminal() {
    let name = "invoice\u{202e}fdp.exe \u{9b}2J \u{200b}";
    let user = Answer::new(200, &serde_json::json!({ "id": "u1", "name": name }));
    let list = Answer::new(200, &serde_json::json!({ "data": [{ "id": "u1", "name": name }] }));
    let stub = Stub::start([user.clone(), list, user]).await;
    let home = Home::of(&stub.origin).await;
    let folder = home.folder().display().to_string();
    for words in [&["user", "get", "u1", "--json"][..], &["user", "ls", "--json"]] {
        let terminal = Terminal::showing(&[("COUNTERSIGN_HOME", &folder)], words);
        let (code, err, screen) = terminal.end().await;
        assert_eq!(code, Some(0), "{err}");
        assert!(screen.contains("\\u202e") && screen.contains("\\u009b2J"), "{screen:?}");
        assert!(!screen.contains(['\u{202e}', '\u{9b}', '\u{200b}']), "{screen:?}");
    }
    // Programs get the letters themselves.
    assert_eq!(home.json("user get u1").await["name"], name);
}
