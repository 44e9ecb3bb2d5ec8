//! The forms of `/admin/settings` for a tenant's looks.

use countersign::pages::theme;
use domain::colour::{Rgb, TEXT_CONTRAST};

use crate::brand::{LOGO, dress};
use crate::browser::Browser;
use crate::call::{Answer, Call};
use crate::html::{self, Form};
use crate::world::World;

const PAGE: &str = "/admin/settings";
const ACCENT: &str = "/admin/settings/accent";
const UPLOAD: &str = "/admin/settings/logo";
const REMOVE: &str = "/admin/settings/logo/remove";

/// An administrator's browser of tenant A.
async fn administrator(world: &World) -> Browser {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.admin).await;
    browser
}

async fn form(browser: &mut Browser, action: &str) -> Form {
    html::form_to(browser.get(PAGE).await.text(), action, &[])
}

/// A form as browsers send it with files in it; the names of files and types are an attacker's.
fn with_files(browser: &Browser, form: &Form, files: &[&[u8]]) -> Call {
    let mut body = Vec::new();
    for (name, value) in form.pairs().into_iter().filter(|(name, _)| *name != "logo") {
        let part = "--limit\r\ncontent-disposition: form-data; name=";
        body.extend(format!("{part}\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for file in files {
        body.extend(
            b"--limit\r\nContent-Disposition: form-data; name=\"logo\"; \
              filename=\"../../<script>.svg\"\r\nContent-Type: image/svg+xml\r\n\r\n",
        );
        body.extend(*file);
        body.extend(b"\r\n");
    }
    body.extend(b"--limit--\r\n");
    browser.form_call(form).body("multipart/form-data; boundary=limit", body)
}

async fn upload(browser: &mut Browser, file: &[u8]) -> Answer {
    let form = form(browser, UPLOAD).await;
    browser.send(with_files(browser, &form, &[file])).await
}

/// The colours of a token of a stylesheet: in the light theme, and in the dark one.
fn colours(css: &str, token: &str) -> [Rgb; 2] {
    let start = format!("--{token}: ");
    let found = css.split(start.as_str()).skip(1).map(|rest| rest[..7].parse().expect("a colour"));
    let found: Vec<Rgb> = found.collect();
    found.try_into().expect("two themes")
}

both! {
    async fn any_accent_is_taken_and_pages_show_a_readable_shade_of_it(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        assert!(!browser.get(PAGE).await.text().contains("<figure"));
        for chosen in ["#FFFFFF", "#ffff00", "#7f7f7f", " #000000 "] {
            let typed = form(&mut browser, ACCENT).await.with("accent", chosen);
            let done = browser.submit(&typed).await;
            assert_eq!(done.location(), "/admin/settings?done=accent-saved");
            let page = browser.get(done.location()).await;
            let lower = chosen.trim().to_lowercase();
            assert_eq!(html::value_of(page.text(), "accent"), Some(lower));
            assert!(page.text().contains("The accent colour is saved."));
            // It cannot be readable in both themes, so one of them tells what it shows instead.
            assert!(page.text().contains("text needs 4.5:1"), "{chosen}");
            let css = world.get(a, "/brand/theme.css").send().await;
            let (accents, inks) = (colours(css.text(), "accent"), colours(css.text(), "on-accent"));
            for (ground, (accent, ink)) in
                [theme::LIGHT, theme::DARK].iter().zip(accents.into_iter().zip(inks))
            {
                assert!(page.text().contains(&accent.to_string()), "{chosen}: it is shown");
                assert!(ink.contrast(accent) >= TEXT_CONTRAST, "{chosen}: {ink} on {accent}");
                for sheet in ground.sheets {
                    assert!(accent.contrast(sheet) >= TEXT_CONTRAST, "{chosen}: {accent} on {sheet}");
                }
            }
        }
        let empty = form(&mut browser, ACCENT).await.with("accent", "");
        browser.submit(&empty).await;
        world.get(a, "/brand/theme.css").send().await.expect(404);
        assert_eq!(world.audit(a, "tenant.updated").await.len(), 5);
    }

    async fn what_is_no_colour_is_told_beside_its_field_and_changes_nothing(world) {
        dress(&world, &world.a).await;
        let mut browser = administrator(&world).await;
        let before = world.rows().await;
        for bad in ["red", "#fff", "#12345g", "#0e5e57;}body{x:y", "</style><script>"] {
            let typed = form(&mut browser, ACCENT).await.with("accent", bad);
            let refused = browser.submit(&typed).await;
            assert_eq!(refused.status, 400, "{bad}");
            assert!(html::has_id(refused.text(), "accent-wrong"), "{bad}");
            assert_eq!(html::value_of(refused.text(), "accent").as_deref(), Some(bad));
        }
        assert_eq!(world.rows().await, before);
    }

    async fn a_colour_is_tried_out_without_being_chosen(world) {
        dress(&world, &world.a).await;
        let mut browser = administrator(&world).await;
        let before = world.rows().await;
        let yellow = browser.get("/admin/settings?tried&accent=%23ffcc00").await;
        assert_eq!(html::value_of(yellow.text(), "accent").as_deref(), Some("#ffcc00"));
        assert!(yellow.text().contains("<figure") && yellow.text().contains("text needs 4.5:1"));
        let half = browser.get("/admin/settings?tried&accent=%23ffc").await;
        assert!(half.text().contains("accent-wrong") && !half.text().contains("<figure"));
        let none = browser.get("/admin/settings?tried").await;
        assert!(!none.text().contains("accent-wrong") && !none.text().contains("<figure"));
        for odd in ["/admin/settings?tried&accent=%ff", "/admin/settings?tried&accent=a&accent=b"] {
            browser.get(odd).await.expect(200);
        }
        assert_eq!(world.rows().await, before);
    }

    async fn a_logo_is_uploaded_shown_and_removed(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        assert!(!html::has_id(browser.get(PAGE).await.text(), "logo-remove"));
        let done = upload(&mut browser, LOGO).await;
        assert_eq!(done.location(), "/admin/settings?done=logo-saved");
        let page = browser.get(done.location()).await;
        assert!(page.text().contains("96 × 32 pixels") && page.text().contains("The logo is saved."));
        // Neither the name nor the type that came with it count.
        let logo = world.get(a, "/brand/logo").send().await;
        assert_eq!((logo.header("content-type"), &*logo.bytes), (Some("image/png"), LOGO));
        world.get(&world.b, "/brand/logo").send().await.expect(404);
        let remove = form(&mut browser, REMOVE).await;
        let gone = browser.submit(&remove).await;
        assert_eq!(gone.location(), "/admin/settings?done=logo-removed");
        assert!(!html::has_id(browser.get(PAGE).await.text(), "logo-remove"));
        world.get(a, "/brand/logo").send().await.expect(404);
        let told = world.audit(a, "tenant.updated").await;
        assert!(told.len() == 2 && told.iter().all(|event| event.actor.id() == a.admin.id.as_str()));
    }

    async fn what_is_no_logo_is_told_beside_its_field_and_changes_nothing(world) {
        dress(&world, &world.a).await;
        let mut browser = administrator(&world).await;
        let before = world.rows().await;
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".as_slice();
        let polyglot = [LOGO, b"<!doctype html><script>alert(1)</script>"].concat();
        let mut wide = LOGO.to_vec();
        wide[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        let large = [LOGO, &vec![0; 500_000]].concat();
        for (bad, told) in [
            (b"".as_slice(), "choose a picture"),
            (svg, "SVG is not taken"),
            (b"<!doctype html><script>alert(1)</script>", "is a PNG, JPEG or WebP picture"),
            (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "is a PNG, JPEG or WebP picture"),
            (&polyglot, "has something behind its end"),
            (&LOGO[..LOGO.len() - 1], "cut off"),
            (&wide, "60000 × 32 pixels"),
            (&large, "has at most 32 kB"),
        ] {
            let refused = upload(&mut browser, bad).await;
            assert_eq!(refused.status, 400, "{told}");
            assert!(html::has_id(refused.text(), "logo-wrong"), "{told}");
            assert!(refused.text().contains(told), "{told}");
        }
        // No file at all, and a form of the usual kind.
        let bare = form(&mut browser, UPLOAD).await;
        for call in [with_files(&browser, &bare, &[]), browser.form_call(&bare)] {
            let refused = browser.send(call).await;
            assert!(refused.expect(400).text().contains("choose a picture"));
        }
        assert_eq!(world.rows().await, before);
    }

    async fn what_is_no_form_is_refused(world) {
        dress(&world, &world.a).await;
        let mut browser = administrator(&world).await;
        let form = form(&mut browser, UPLOAD).await;
        let before = world.rows().await;
        let huge = browser.send(with_files(&browser, &form, &[&vec![0; 2_000_000]])).await;
        assert_eq!(huge.status, 413);
        assert!(huge.is_html() && huge.text().contains("choose a smaller file"));
        let two = browser.send(with_files(&browser, &form, &[LOGO, LOGO])).await;
        assert_eq!(two.status, 400);
        let whole = with_files(&browser, &form, &[LOGO]);
        for (kind, body) in [
            ("multipart/form-data; boundary=other", "--limit--\r\n"),
            ("multipart/form-data; boundary=limit", "--limit\r\n"),
            ("multipart/form-data", "x"),
            ("multipart/mixed; boundary=limit", "--limit--\r\n"),
            ("image/png", "x"),
            ("", ""),
        ] {
            let refused = browser.send(whole.clone().body(kind, body)).await;
            assert!(matches!(refused.status, 400 | 403 | 415), "{kind}: {}", refused.status);
            assert!(refused.is_html(), "{kind}");
        }
        assert_eq!(world.rows().await, before);
    }

    async fn only_our_own_page_of_an_administrator_uploads(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let own = form(&mut browser, UPLOAD).await;
        let before = world.rows().await;
        for token in ["", "wrong"] {
            let forged = with_files(&browser, &own.clone().with("csrf", token), &[LOGO]);
            assert_eq!(browser.send(forged).await.status, 403);
        }
        let elsewhere = with_files(&browser, &own, &[LOGO])
            .without_header("origin").without_header("sec-fetch-site");
        for call in [
            elsewhere.clone().header("origin", "https://b.test"),
            elsewhere.header("sec-fetch-site", "cross-site"),
        ] {
            assert_eq!(browser.send(call).await.status, 403);
        }
        let mut alice = world.browser(a);
        alice.sign_in(&a.alice).await;
        let csrf = html::forms(alice.get("/account").await.text())[0].field("csrf").expect("a token").to_owned();
        let hers = with_files(&alice, &own.clone().with("csrf", &csrf), &[LOGO]);
        let refused = alice.send(hers).await;
        assert!(refused.expect(403).text().contains("TenantAdmin"));
        let untouched = |rows: &std::collections::BTreeSet<String>| {
            let fits = |row: &&String| row.starts_with("tenant: ") || row.starts_with("tenant_logo: ");
            rows.iter().filter(fits).cloned().collect::<Vec<_>>()
        };
        assert_eq!(untouched(&world.rows().await), untouched(&before));
    }

    async fn a_file_that_comes_after_the_session_is_asked_for_again(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let form = form(&mut browser, UPLOAD).await;
        browser.forget_cookie("session");
        let held = browser.send(with_files(&browser, &form, &[LOGO])).await;
        assert_eq!(held.status, 401);
        let ask = html::form_to(held.text(), "/admin/confirm", &[]);
        let ask = ask.with("username", &a.admin.email).with("password", &a.admin.password);
        let back = browser.submit(&ask).await;
        let again = html::form_to(back.expect(200).text(), UPLOAD, &[]);
        let told = browser.submit(&again).await;
        assert!(told.expect(400).text().contains("choose a picture"));
        world.get(a, "/brand/logo").send().await.expect(404);
        let form = html::form_to(told.text(), UPLOAD, &[]);
        let done = browser.send(with_files(&browser, &form, &[LOGO])).await;
        assert_eq!(done.location(), "/admin/settings?done=logo-saved");
    }
}
