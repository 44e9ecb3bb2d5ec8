//! The bytes of a tenant's logo, and its looks in the tenant's row.

use domain::brand::{Brand, Logo};
use domain::colour::Rgb;
use domain::picture::Format;
use store::{StoreError, StoredLogo};

use crate::bed::*;

/// The n-th logo: every byte there is, so that nothing of it survives by luck.
pub fn logo(n: u8) -> StoredLogo {
    StoredLogo {
        digest: format!("digest-{n}"),
        media_type: "image/png".into(),
        bytes: (0..=255).chain([n]).collect(),
    }
}

both! {
    async fn a_logo_is_read_as_it_was_stored_and_replaced_and_deleted(bed) {
        assert_eq!(bed.ra().await.tenant_logo_get().await.expect("reads"), None);
        for n in [1, 2] {
            bed.wa().await.tenant_logo_put(&logo(n), t(n.into())).await.expect("puts");
            assert_eq!(bed.ra().await.tenant_logo_get().await.expect("reads"), Some(logo(n)));
        }
        assert_eq!(bed.count("tenant_logo").await, 1);
        assert!(bed.wa().await.tenant_logo_delete().await.expect("deletes"));
        assert!(!bed.wa().await.tenant_logo_delete().await.expect("nothing to delete"));
        assert_eq!(bed.ra().await.tenant_logo_get().await.expect("reads"), None);
        let nobody = bed.auto(&"tenant-c".parse().expect("an id")).await.tenant_logo_put(&logo(1), t0()).await;
        assert!(matches!(nobody, Err(StoreError::NotFound { .. })), "{nobody:?}");
    }
}

both! {
    async fn a_brand_is_read_as_it_was_stored_and_is_empty_before(bed) {
        let mut branded = tenant("tenant-a");
        branded.brand = Brand {
            accent: Some(Rgb::hex(0xff_cc00)),
            logo: Some(Logo { digest: "digest".into(), format: Format::Webp, width: 96, height: 32 }),
        };
        assert!(bed.wa().await.tenant_update(&branded).await.expect("updates"));
        assert_eq!(bed.ra().await.tenant_get().await.expect("reads").expect("A").brand, branded.brand);
        // As the migration leaves tenants that were there before it.
        execute(bed.region_url(), "UPDATE tenant SET brand = '{}'".to_owned()).await;
        assert_eq!(bed.ra().await.tenant_get().await.expect("reads").expect("A").brand, Brand::default());
    }
}
