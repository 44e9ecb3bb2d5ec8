//! What the engine refuses, told to people in their own language, and to programs in English.

use super::desk::stands_beside;
use super::users::administrator;
use crate::browser::Browser;
use crate::call::Answer;
use crate::html::{self, Form};

/// What a German reader is told.
async fn in_german(browser: &mut Browser, form: &Form) -> Answer {
    let call = browser.form_call(form).header("accept-language", "de");
    browser.send(call).await
}

/// A page with all of these in it.
fn tells(answer: &Answer, status: u16, words: &[&str]) {
    let page = answer.expect(status).text();
    assert!(page.contains("lang=\"de\""), "{page}");
    for word in words {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("<script>"), "{page}");
}

both! {
    async fn the_form_of_a_client_is_refused_in_german(world) {
        let mut browser = administrator(&world).await;
        let form = async |browser: &mut Browser, app_type: &str| {
            let page = browser.get(&format!("/admin/clients/new?type={app_type}")).await;
            html::form_with(page.text(), "client-submit").with("clientName", "Café")
        };
        let web = form(&mut browser, "web").await.with("redirectUris", "https://a.example/");
        let spa = form(&mut browser, "spa").await.with("redirectUris", "https://a.example/");
        let key = web.clone().and("allowedAuthMethods", "private_key_jwt");
        let mut many = web.clone();
        for at in 0..200 {
            many = many.and("redirectUris", &format!("https://a.example/{at}"));
        }
        for (form, words) in [
            (web.clone().with("clientName", " "), "Nötig sind 1 bis 512 Zeichen."),
            (web.clone().with("redirectUris", "http://a.example/"), "Verwenden Sie https://;"),
            (web.clone().and("redirectUris", "https://a.example/"), "Dieser Wert steht zweimal da."),
            (many, "Möglich sind höchstens "),
            (web.clone().with("clientUri", "nonsense"), "mit https:// oder http:// beginnt"),
            (spa.clone().with("allowedOrigins", "https://a.example/x"), "Ein Ursprung endet mit Host oder Port"),
            (spa.clone().and("allowedScopes", "offline_access"), "„offline_access“ ist für Single-Page-Apps"),
            (spa.clone().and("allowedScopes", "<script>"), "Den Scope „&#60;script&#62;“ gibt es nicht."),
            (key.clone(), "Für Private Key JWT fehlt ein Schlüssel"),
            (key.clone().with("publicKeysText", "{\"kty\":\"EC\"}"), "Dem Schlüssel fehlt „crv“."),
            (key.clone().with("publicKeysText", "-----BEGIN PUBLIC KEY-----\nAAAA"), "In diesem PEM steht kein öffentlicher Schlüssel"),
        ] {
            tells(&in_german(&mut browser, &form).await, 400, &[words]);
        }
        let call = browser.call("GET", "/admin/clients/check?type=web&redirectUris=http://a.example/");
        let checked = browser.send(call.header("accept-language", "de")).await;
        assert!(checked.text().contains("Verwenden Sie https://;"), "{}", checked.text());
        // The same in English.
        let refused = browser.submit(&spa.with("allowedOrigins", "https://a.example/x")).await;
        assert!(refused.text().contains("an origin ends with its host or port"), "{}", refused.text());
    }

    async fn the_last_administrator_stays_in_german(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let page = browser.get(&format!("/admin/users/{}", a.admin.id)).await;
        let address = format!("/admin/users/{}", a.admin.id);
        let form = html::form_to(page.text(), &address, &[]).without("assignedRoles");
        let refused = in_german(&mut browser, &form).await;
        tells(&refused, 409, &["Damit hätte der Mandant keinen aktiven Benutzer mit Passwort und der Rolle TenantAdmin mehr."]);
    }

    async fn what_is_wrong_with_a_field_stands_beside_it_in_every_language(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/clients/new?type=web").await;
        let client = html::form_with(page.text(), "client-submit").with("clientName", " ");
        let key = client.clone().with("clientName", "Key").and("allowedAuthMethods", "private_key_jwt");
        let page = browser.get("/admin/groups/new").await;
        let group = html::form_with(page.text(), "group-form").with("name", "Sales");
        browser.submit(&group).await.expect(303);
        for (form, field, german, english) in [
            (&client, "clientName", "Nötig sind 1 bis", "has 1 to"),
            (&client.clone().with("clientUri", "x"), "clientUri", "mit https:// oder http:// beginnt", "https:// or http://"),
            (&key.with("jwksUri", "http://a.example/"), "jwksUri", "https://", "https://"),
            (&group, "name", "Dieser Name ist vergeben", "is taken"),
        ] {
            let form = if field == "clientUri" { form.clone().with("clientName", "Uri") } else { form.clone() };
            for (language, words) in [("de", german), ("en", english)] {
                let call = browser.form_call(&form).header("accept-language", language);
                let refused = browser.send(call).await;
                assert!(matches!(refused.status, 400 | 409), "{field}: {}", refused.text());
                stands_beside(&refused, field);
                assert!(refused.text().contains(words), "{field}: {words}: {}", refused.text());
            }
        }
    }

    async fn a_role_and_an_invitation_are_refused_in_german(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/roles/new").await;
        let form = html::form_with(page.text(), "role-form");
        tells(&in_german(&mut browser, &form).await, 400, &["Nötig sind 1 bis 256 Zeichen"]);
        let taken = form.clone().with("name", "TenantAdmin");
        let refused = in_german(&mut browser, &taken).await;
        tells(&refused, 409, &["id=\"name-wrong\">Dieser Name ist vergeben: Wählen Sie einen anderen."]);
        stands_beside(&refused, "name");
        let page = browser.get("/admin/users/invite").await;
        let form = html::form_to(page.text(), "/admin/users/invite", &[]);
        let odd = form.with("emails", "<script>");
        tells(&in_german(&mut browser, &odd).await, 200, &["E-Mail: Das ist keine Adresse wie name@example.com."]);
        let odd = browser.submit(&odd).await;
        assert!(odd.text().contains("Email: is not an address such as name@example.com"), "{}", odd.text());
    }

    async fn lifetimes_are_refused_in_units_that_people_use(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/tokens").await;
        let form = html::form_to(page.text(), "/admin/tokens/lifetimes", &[]);
        let long = form.clone().with("accessToken", "2").forged("accessTokenUnit", "days");
        tells(&in_german(&mut browser, &long).await, 400, &["Möglich sind 5 Minuten bis 1 Tag."]);
        let english = browser.submit(&long).await;
        assert!(english.text().contains("is 5 minutes to 1 day"), "{}", english.text());
        let idle = form.with("sessionIdle", "20").forged("sessionIdleUnit", "days");
        tells(&in_german(&mut browser, &idle).await, 400, &["Das ist länger als „Sitzung höchstens“"]);
        let english = browser.submit(&idle).await;
        assert!(!english.text().contains("at most sessionMaximum"), "{}", english.text());
    }

    async fn the_looks_are_refused_in_german(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/settings").await;
        let form = html::form_to(page.text(), "/admin/settings/logo", &[]);
        let mut body = String::new();
        for (name, value) in form.pairs().into_iter().filter(|(name, _)| *name != "logo") {
            body += &format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--x\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"a\"\r\n\r\n";
        body += "<svg onload=\"alert(1)\"/>\r\n--x--\r\n";
        let call = browser.form_call(&form).body("multipart/form-data; boundary=x", body.into_bytes());
        let refused = browser.send(call.header("accept-language", "de")).await;
        tells(&refused, 400, &["SVG wird nicht genommen"]);
    }
}
