//! A tenant's looks, as its administrators choose them: an accent and a logo.
//!
//! Invariants: a logo is a still PNG, JPEG or WebP picture by its bytes, never an SVG, which could
//! carry script; it is bounded in bytes and pixels; its bytes stand in no cache and no audit event.

use domain::brand::{LOGO_BYTES_MAX, LOGO_SIDE_MAX, Logo};
use domain::colour::Rgb;
use domain::crypto::sha256_base64url;
use domain::picture;
use domain::said;
use domain::said::Said;
use domain::tenant::Tenant;
use serde_json::json;
use store::{ChangeKind, StoredLogo};

use super::AdminError;
use crate::authority::{Caller, TENANT_MANAGE};
use crate::context::Ctx;

/// Sets the accent, any `#rrggbb`; `None` is the product's own. Pages show it within two seconds on
/// every node, made readable where it is not ([`domain::colour::Ground::accent`]). Nothing is
/// written when nothing changes.
///
/// # Errors
/// A caller without the right, what is no colour (`accent`), or a store that is away.
pub async fn set_accent(
    ctx: &Ctx<'_>,
    caller: &Caller,
    accent: Option<&str>,
) -> Result<(), AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    let parsed = accent.map(|text| text.trim().parse::<Rgb>()).transpose();
    let accent = parsed.map_err(|error| AdminError::invalid("accent", error.said()))?;
    change(ctx, caller, Change::Accent(accent)).await
}

/// Takes a picture as the logo, in the place of the one there was. Pages show it within two seconds
/// on every node. It is kept and shown as it is, with whatever else is in the file. Nothing is
/// written when it is the same picture.
///
/// # Errors
/// A caller without the right, what is no picture or too large a one (`logo`), or a store that is
/// away.
pub async fn set_logo(ctx: &Ctx<'_>, caller: &Caller, bytes: Vec<u8>) -> Result<(), AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    let logo = check(&bytes)?;
    change(ctx, caller, Change::Logo(logo, bytes)).await
}

/// Removes the logo; pages show the tenant's initial again. Nothing is written when there is none.
///
/// # Errors
/// A caller without the right, or a store that is away.
pub async fn remove_logo(ctx: &Ctx<'_>, caller: &Caller) -> Result<(), AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    change(ctx, caller, Change::NoLogo).await
}

fn check(bytes: &[u8]) -> Result<Logo, AdminError> {
    let refused = |message: Said| AdminError::invalid("logo", message);
    if bytes.is_empty() {
        return Err(refused(said!("logo-empty", "is empty: choose a picture")));
    }
    if bytes.len() > LOGO_BYTES_MAX {
        return Err(refused(said!(
            "logo-bytes",
            "has at most {max} kB",
            max = LOGO_BYTES_MAX / 1024
        )));
    }
    let picture = picture::inspect(bytes).map_err(|error| refused(error.said()))?;
    if picture.width.max(picture.height) > LOGO_SIDE_MAX {
        let (width, height) = (picture.width, picture.height);
        let told = said!(
            "logo-side",
            "has {width} × {height} pixels: it may have {max} on its longer side",
            width,
            height,
            max = LOGO_SIDE_MAX
        );
        return Err(refused(told));
    }
    Ok(Logo {
        digest: sha256_base64url(bytes),
        format: picture.format,
        width: picture.width,
        height: picture.height,
    })
}

enum Change {
    Accent(Option<Rgb>),
    Logo(Logo, Vec<u8>),
    NoLogo,
}

async fn change(ctx: &Ctx<'_>, caller: &Caller, change: Change) -> Result<(), AdminError> {
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let before = tx.tenant_get().await?.ok_or(AdminError::NotFound("tenant"))?;
    let mut brand = before.brand.clone();
    match &change {
        Change::Accent(accent) => brand.accent = *accent,
        Change::Logo(logo, _) => brand.logo = Some(logo.clone()),
        Change::NoLogo => brand.logo = None,
    }
    let changes = domain::audit::changes(&json!(before.brand), &json!(brand));
    if changes == json!({}) {
        return Ok(());
    }
    match change {
        Change::Accent(_) => {}
        Change::Logo(Logo { digest, format, .. }, bytes) => {
            let media_type = format.media_type().to_owned();
            tx.tenant_logo_put(&StoredLogo { digest, media_type, bytes }, ctx.now).await?;
        }
        Change::NoLogo => {
            tx.tenant_logo_delete().await?;
        }
    }
    let after = Tenant { brand, updated_at: ctx.now, ..before };
    tx.tenant_update(&after).await?;
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "tenant.updated", after.id.as_str(), details)).await?;
    Ok(ctx.commit_change(tx, ChangeKind::Tenant, after.id.as_str()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGO: &[u8] = include_bytes!("../../../domain/src/picture/samples/logo.png");

    /// The sample with another size in its header, which nobody decodes here.
    fn sized(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = LOGO.to_vec();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        bytes
    }

    /// The sample with a chunk that makes it `length` bytes long.
    fn padded(length: usize) -> Vec<u8> {
        let (head, end) = LOGO.split_at(LOGO.len() - 12);
        let padding = length - LOGO.len() - 12;
        let count = u32::try_from(padding).expect("small").to_be_bytes();
        [head, &count, b"teXt", &vec![0; padding + 4], end].concat()
    }

    #[test]
    fn bounds_hold_on_both_sides() {
        let most = LOGO_SIDE_MAX;
        for bytes in [LOGO.to_vec(), sized(most, most), sized(1, most), padded(LOGO_BYTES_MAX)] {
            assert!(check(&bytes).is_ok());
        }
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
        let wrong =
            [sized(most + 1, 1), sized(1, u32::MAX), padded(LOGO_BYTES_MAX + 1), vec![], svg];
        for bytes in wrong {
            let error = check(&bytes).expect_err("refused");
            assert!(matches!(error, AdminError::Invalid { field: "logo", .. }), "{error}");
        }
    }

    #[test]
    fn a_logo_is_known_by_its_content() {
        let logo = check(LOGO).expect("a logo");
        assert_eq!((logo.width, logo.height, logo.digest.len()), (96, 32, 43));
        assert_ne!(logo.digest, check(&sized(97, 32)).expect("another").digest);
    }
}
