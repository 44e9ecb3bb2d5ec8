//! `/brand`: a tenant's logo and colours, and the pages that show them.

use engine::admin::{AdminError, brand};
use engine::authority::Caller;

use crate::call::Answer;
use crate::world::{Tenant, World};

pub const LOGO: &[u8] = include_bytes!("../../../domain/src/picture/samples/logo.png");
const OTHER: &[u8] = include_bytes!("../../../domain/src/picture/samples/lossy.webp");

/// Gives a tenant a logo and an accent, as its operator.
pub async fn dress(world: &World, tenant: &Tenant) {
    let (ctx, operator) = (world.admin(tenant).await, Caller::operator());
    brand::set_accent(&ctx, &operator, Some("#C2185B")).await.expect("set");
    brand::set_logo(&ctx, &operator, LOGO.to_vec()).await.expect("set");
}

async fn sign_in_page(world: &World, tenant: &Tenant) -> Answer {
    world.get(tenant, "/login").send().await
}

/// The addresses under `/brand` that a page loads.
fn links(page: &Answer) -> Vec<String> {
    let found = page.text().split("=\"/brand/").skip(1);
    found.map(|rest| format!("/brand/{}", rest.split('"').next().expect("an end"))).collect()
}

both! {
    async fn pages_load_the_looks_of_their_own_tenant_and_browsers_keep_them(world) {
        let (a, b) = (&world.a, &world.b);
        assert_eq!(links(&sign_in_page(&world, a).await), Vec::<String>::new());
        dress(&world, a).await;
        let page = sign_in_page(&world, a).await;
        let [theme, logo] = &links(&page)[..] else { panic!("two links: {}", page.text()) };
        assert!(page.header("content-security-policy").expect("a policy").contains("style-src 'self'"));
        for (path, content_type) in [(theme, "text/css; charset=utf-8"), (logo, "image/png")] {
            let answer = world.get(a, path).send().await;
            answer.expect(200);
            assert_eq!(answer.header("content-type"), Some(content_type));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
            assert!(answer.header("content-security-policy").expect("a policy").contains("default-src 'none'"));
            assert!(answer.header("set-cookie").is_none());
            // Known to the browser; under another version or none it is kept for a minute only.
            let etag = answer.header("etag").expect("a tag").to_owned();
            let again = world.get(a, path).header("if-none-match", &etag).send().await;
            assert_eq!((again.status, again.bytes.len()), (304, 0));
            assert_eq!(again.header("etag"), Some(&*etag));
            let bare = path.split('?').next().expect("a path");
            for other in [bare.to_owned(), format!("{bare}?v=0"), format!("{path}x")] {
                let answer = world.get(a, &other).send().await;
                answer.expect(200);
                assert_eq!(answer.header("cache-control"), Some("public, max-age=60"), "{other}");
            }
            // The other tenant has none, whatever the address says.
            world.get(b, path).send().await.expect(404);
            world.get(b, path).header("if-none-match", &etag).send().await.expect(404);
        }
        assert_eq!(world.get(a, logo).send().await.bytes, LOGO);
        let css = world.get(a, theme).send().await;
        assert!(css.text().contains("--accent: #c2185b;"), "{}", css.text());
        assert_eq!(links(&sign_in_page(&world, b).await), Vec::<String>::new());
    }

    async fn another_logo_has_another_address_and_a_removed_one_none(world) {
        let a = &world.a;
        dress(&world, a).await;
        let before = links(&sign_in_page(&world, a).await);
        let (ctx, operator) = (world.admin(a).await, Caller::operator());
        brand::set_logo(&ctx, &operator, OTHER.to_vec()).await.expect("set");
        brand::set_accent(&ctx, &operator, Some("#0e5e57")).await.expect("set");
        let after = links(&sign_in_page(&world, a).await);
        assert!(after.iter().all(|link| !before.contains(link)), "{before:?} {after:?}");
        let logo = world.get(a, &after[1]).send().await;
        assert_eq!((logo.header("content-type"), &*logo.bytes), (Some("image/webp"), OTHER));
        // Under the old address it is the new one, and nobody keeps it for the old.
        let old = world.get(a, &before[1]).send().await;
        assert_eq!((old.header("cache-control"), &*old.bytes), (Some("public, max-age=60"), OTHER));
        brand::remove_logo(&ctx, &operator).await.expect("removed");
        brand::set_accent(&ctx, &operator, None).await.expect("removed");
        assert_eq!(links(&sign_in_page(&world, a).await), Vec::<String>::new());
        for gone in ["/brand/logo", "/brand/theme.css"] {
            world.get(a, gone).send().await.expect(404);
        }
        assert_eq!(world.table("tenant_logo").await, Vec::<String>::new());
    }

    async fn other_nodes_hear_of_new_looks(one) {
        let (two, mut feed) = one.second_node().await;
        assert_eq!(links(&sign_in_page(&two, &one.a).await), Vec::<String>::new());
        dress(&one, &one.a).await;
        assert_eq!(links(&sign_in_page(&two, &one.a).await), Vec::<String>::new());
        feed.poll().await.expect("polled");
        let links = links(&sign_in_page(&two, &one.a).await);
        assert_eq!(two.get(&one.a, &links[1]).send().await.bytes, LOGO);
    }

    async fn only_administrators_choose_looks_and_bad_ones_change_nothing(world) {
        let a = &world.a;
        dress(&world, a).await;
        let before = world.rows().await;
        let ctx = world.admin(a).await;
        let alice = world.caller(a, &a.alice).await;
        let denied = [
            brand::set_accent(&ctx, &alice, None).await,
            brand::set_logo(&ctx, &alice, OTHER.to_vec()).await,
            brand::remove_logo(&ctx, &alice).await,
        ];
        for result in denied {
            assert!(matches!(result, Err(AdminError::Denied(_))), "{result:?}");
        }
        let admin = world.caller(a, &a.admin).await;
        for bad in ["", "red", "#fff", "#0e5e57;}", "url(//evil.example)", "#0e5e57\u{a0}1"] {
            let refused = brand::set_accent(&ctx, &admin, Some(bad)).await;
            assert!(matches!(refused, Err(AdminError::Invalid { field: "accent", .. })), "{bad}");
        }
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
        let page = b"<!doctype html><script>alert(1)</script>".to_vec();
        let polyglot = [LOGO, &page].concat();
        for bad in [Vec::new(), svg, page, polyglot, LOGO[..60].to_vec(), vec![0; 200_000]] {
            let refused = brand::set_logo(&ctx, &admin, bad).await;
            assert!(matches!(refused, Err(AdminError::Invalid { field: "logo", .. })), "{refused:?}");
        }
        // The same once more is no change.
        brand::set_accent(&ctx, &admin, Some(" #c2185b ")).await.expect("the same");
        brand::set_logo(&ctx, &admin, LOGO.to_vec()).await.expect("the same");
        assert_eq!(world.rows().await, before);
    }

    async fn the_trail_tells_what_changed_and_holds_no_picture(world) {
        let a = &world.a;
        let (ctx, admin) = (world.admin(a).await, world.caller(a, &a.admin).await);
        brand::set_accent(&ctx, &admin, Some("#ffcc00")).await.expect("set");
        brand::set_logo(&ctx, &admin, OTHER.to_vec()).await.expect("set");
        brand::remove_logo(&ctx, &admin).await.expect("removed");
        let told = world.audit(a, "tenant.updated").await;
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|event| event.actor.id() == a.admin.id.as_str()));
        let changes = |n: usize| &told[n].details["changes"];
        // The newest comes first.
        assert_eq!(changes(2)["accent"], serde_json::json!({ "from": null, "to": "#ffcc00" }));
        assert_eq!(changes(1)["logo"]["to"]["format"], "webp");
        assert_eq!(changes(0)["logo"]["to"], serde_json::Value::Null);
        assert!(told.iter().all(|event| event.details.to_string().len() < 400));
    }

    async fn two_who_change_looks_at_once_lose_neither(world) {
        let (ctx, operator) = (world.admin(&world.a).await, Caller::operator());
        let (accent, logo) = tokio::join!(
            brand::set_accent(&ctx, &operator, Some("#ffcc00")),
            brand::set_logo(&ctx, &operator, LOGO.to_vec()),
        );
        accent.and(logo).expect("both");
        let stands = &world.admin(&world.a).await.tenant.tenant.brand;
        assert!(stands.accent.is_some() && stands.logo.is_some(), "{stands:?}");
    }
}
