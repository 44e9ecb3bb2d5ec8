//! Addresses that show nothing: people are told in words and led back, programs get JSON.

both! {
    async fn an_address_that_is_not_there_leads_back_in_the_readers_language(world) {
        let page = |language: &'static str| {
            let call = world.get(&world.a, "/admin/nothing/here").header("accept", "text/html");
            call.header("accept-language", language).send()
        };
        let english = page("en").await;
        let text = english.expect(404).text();
        assert!(text.contains("That is not here") && text.contains("href=\"/admin\""), "{text}");
        assert!(page("de").await.expect(404).text().contains("Das gibt es hier nicht"));
        let program = world.get(&world.a, "/admin/nothing/here").send().await;
        assert_eq!(program.expect(404).json()["errors"][0]["code"], "HTTP-404");
    }

    async fn an_address_that_takes_forms_says_so_when_it_is_loaded_again(world) {
        for path in ["/admin/confirm", "/admin/tokens/lifetimes", "/admin/clients/select", "/consent"] {
            let page = world.get(&world.a, path).header("accept", "text/html").send().await;
            let text = page.expect(405).text();
            assert!(text.contains("only takes what a form of ours sends"), "{path}: {text}");
            assert!(page.header("allow").is_some_and(|allow| allow.contains("POST")), "{path}");
            let program = world.get(&world.a, path).send().await;
            assert_eq!(program.expect(405).json()["errors"][0]["code"], "HTTP-405", "{path}");
        }
    }
}
