//! The pages before and after an app, in the language of the browser or of whoever is signed in.

use crate::browser::Browser;
use crate::flow::AuthRequest;
use crate::html;

async fn page(browser: &mut Browser, path: &str, language: impl AsRef<[u8]>) -> String {
    let call = browser.call("GET", path).header("accept-language", language);
    browser.send(call).await.expect(200).text().to_owned()
}

both! {
    async fn pages_speak_the_language_of_the_browser(world) {
        let mut browser = world.browser(&world.a);
        let request = AuthRequest::new(&world.a.web, "openid email");
        let german = "de-AT,de;q=0.9,en;q=0.8";
        let front = page(&mut browser, "/", german).await;
        assert!(front.contains("lang=\"de\"") && front.contains("Sie sind nicht angemeldet"), "{front}");
        let sign_in = page(&mut browser, &request.path(), german).await;
        for words in ["lang=\"de\"", "Passwort", "um zu <bdi", "id=\"login-submit\""] {
            assert!(sign_in.contains(words), "{words}: {sign_in}");
        }
        let english = page(&mut browser, &request.path(), "fr").await;
        assert!(english.contains("lang=\"en\"") && english.contains("to continue to"), "{english}");
        // Alice's profile names English, Bob's no language.
        let mut alice = world.browser(&world.a);
        alice.sign_in(&world.a.alice).await;
        let consent = page(&mut alice, &request.path(), german).await;
        assert!(consent.contains("wants access to your account"), "{consent}");
        // At once, on the page that follows the password.
        let mut anew = world.browser(&world.a);
        let sign_in = page(&mut anew, &request.path(), german).await;
        let form = html::form_with(&sign_in, "login-submit")
            .with("username", &world.a.alice.email)
            .with("password", &world.a.alice.password);
        let call = anew.form_call(&form).header("accept-language", german);
        let consent = anew.send(call).await;
        assert!(consent.expect(200).text().contains("wants access to your account"), "{}", consent.text());
        browser.sign_in(&world.a.bob).await;
        let consent = page(&mut browser, &request.path(), german).await;
        for words in ["lang=\"de\"", "möchte Zugriff auf Ihr Konto", "Nicht erlauben", "id=\"consent-allow\""] {
            assert!(consent.contains(words), "{words}: {consent}");
        }
        let account = page(&mut browser, "/account?done=ended", german).await;
        for words in ["lang=\"de\"", "Die Sitzung ist beendet.", "Wo Sie angemeldet sind", " Uhr UTC</time>"] {
            assert!(account.contains(words), "{words}: {account}");
        }
        let sign_out = page(&mut browser, "/oauth/logout", german).await;
        assert!(sign_out.contains("Angemeldet bleiben"), "{sign_out}");
    }

    async fn what_scopes_mean_is_said_in_it(world) {
        let mut browser = world.browser(&world.a);
        let german = "de";
        let request = AuthRequest::new(&world.a.web, "openid email");
        // Bob's profile names no language.
        browser.sign_in(&world.a.bob).await;
        let (in_german, in_english) =
            ("Ihre E-Mail-Adresse lesen und ob sie bestätigt ist", "Read your email address and whether it is confirmed");
        let consent = page(&mut browser, &request.path(), german).await;
        assert!(consent.contains(in_german) && !consent.contains(in_english), "{consent}");
        let plain = page(&mut browser, &request.path(), "en").await;
        assert!(plain.contains(in_english) && !plain.contains(in_german), "{plain}");
        browser.submit(&html::form_with(&consent, "consent-allow").press("consent-allow")).await.expect(303);
        let account = page(&mut browser, "/account", german).await;
        assert!(account.contains(in_german) && !account.contains(in_english), "{account}");
        let mut console = world.browser(&world.a);
        console.sign_in(&world.a.admin).await;
        for path in ["/admin/clients/new?type=web", "/admin/roles/new"] {
            let form = page(&mut console, path, german).await;
            for scope in world.engine().catalogue().iter() {
                assert!(!form.contains(&scope.description), "{path}: {}", scope.name);
            }
            assert!(form.contains("Ihre Apps sehen und verwalten"), "{path}");
        }
    }

    async fn an_app_wishes_the_language_of_its_pages(world) {
        let request = AuthRequest::new(&world.a.web, "openid email").set("ui_locales", "fr-CA de-AT en");
        let mut browser = world.browser(&world.a);
        let sign_in = page(&mut browser, &request.path(), "en").await;
        assert!(sign_in.contains("lang=\"de\"") && sign_in.contains("um zu <bdi"), "{sign_in}");
        // It lasts through a wrong password to the question.
        let form = html::form_with(&sign_in, "login-submit").with("username", &world.a.bob.email);
        let call = browser.form_call(&form.clone().with("password", "wrong")).header("accept-language", "en");
        let again = browser.send(call).await;
        assert!(again.expect(401).text().contains("lang=\"de\""), "{}", again.text());
        let form = html::form_with(again.text(), "login-submit")
            .with("username", &world.a.bob.email)
            .with("password", &world.a.bob.password);
        let call = browser.form_call(&form).header("accept-language", "en");
        let consent = browser.send(call).await;
        let words = ["möchte Zugriff auf Ihr Konto", "Ihre E-Mail-Adresse lesen und ob sie bestätigt ist"];
        assert!(words.iter().all(|words| consent.expect(200).text().contains(words)), "{}", consent.text());
        let form = html::form_with(consent.text(), "consent-allow").press("switch");
        let call = browser.form_call(&form).header("accept-language", "en");
        let switch = browser.send(call).await;
        assert!(switch.expect(200).text().contains("lang=\"de\""), "{}", switch.text());
        // Pages that are not of this request keep the browser's language, and Alice her own.
        assert!(page(&mut browser, "/account", "en").await.contains("lang=\"en\""));
        let mut alice = world.browser(&world.a);
        alice.sign_in(&world.a.alice).await;
        let consent = page(&mut alice, &request.path(), "de").await;
        assert!(consent.contains("wants access to your account"), "{consent}");
    }

    async fn wishes_for_a_language_that_mean_nothing_are_passed_over(world) {
        let mut browser = world.browser(&world.a);
        let right = AuthRequest::new(&world.a.web, "openid");
        let long = format!("de {}", "x".repeat(2100));
        let many = format!("{}en", "fr ".repeat(400));
        for wish in ["", " ", "fr", "*", "<script>", "de;q=1,en", "../de", "\u{e9}", &long, &many] {
            let request = right.clone().set("ui_locales", wish);
            let sign_in = page(&mut browser, &request.path(), "de").await;
            assert!(sign_in.contains("lang=\"de\"") && !sign_in.contains("<script>"), "{wish}");
        }
        // Two wishes are none.
        let twice = right.clone().and("ui_locales", "en").and("ui_locales", "en");
        assert!(page(&mut browser, &twice.path(), "de").await.contains("lang=\"de\""));
        let english = page(&mut browser, &right.set("ui_locales", "  en").path(), "de").await;
        assert!(english.contains("lang=\"en\""), "{english}");
    }

    async fn error_pages_speak_it_too_and_say_apart_what_is_for_developers(world) {
        let mut browser = world.browser(&world.a);
        let wrong = AuthRequest::new(&world.a.web, "openid").path().replace("redirect_uri=", "redirect_uri=x");
        for (path, status, german, english) in [
            (wrong.as_str(), 400, "Dieser Anmeldelink funktioniert nicht", "This sign-in link does not work"),
            ("/nothing/here", 404, "Diese Seite gibt es nicht", "There is no such page"),
        ] {
            for (language, words) in [("de", german), ("en", english)] {
                let call = browser.call("GET", path).header("accept-language", language).header("accept", "text/html");
                let page = browser.send(call).await;
                assert_eq!(page.status, status, "{path}");
                assert!(page.text().contains(words), "{words}: {}", page.text());
                assert!(page.text().contains(&format!("<html lang=\"{language}\">")), "{path}");
                let apart = page.text().contains("<p lang=\"en\">");
                assert_eq!(apart, language == "de" && status == 400, "the developer's sentence is English");
            }
        }
    }

    async fn a_hostile_language_is_english(world) {
        let mut browser = world.browser(&world.a);
        let long = "x-".repeat(4000);
        for wish in [long.as_bytes(), b"\xff\xfe", b",;,;=", b"../de", b"<script>"] {
            let sign_in = page(&mut browser, "/login", wish).await;
            assert!(sign_in.contains("lang=\"en\"") && !sign_in.contains("<script>"), "{sign_in}");
        }
    }
}
