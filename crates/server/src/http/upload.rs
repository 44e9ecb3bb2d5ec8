//! A form with a file in it.
//!
//! Invariant: a form is read as a whole and bounded before anything in it is looked at; a file is
//! told by its bytes, so the name and type that a browser gives are not read.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use domain::multipart;
use domain::oauth_error::OauthError;
use domain::params::{Limits, Params};
use url::form_urlencoded::Serializer;

use super::body::unread;
use super::form::{Form, FormError};
use crate::net::{drain, read_or_drain};

/// Largest form, in bytes. A file that is too large is told so beside its field, if it fits here.
const UPLOAD_MAX: usize = 1024 * 1024;

/// Bytes of a larger form that are read for nothing, so that its sender hears the answer.
const DRAINED_MAX: usize = 16 * 1024 * 1024;

/// Fields of a form, and the one file that may be among them.
#[derive(Default)]
pub struct Upload {
    /// The fields.
    pub params: Params,
    /// The file.
    pub file: Option<Bytes>,
}

impl From<Params> for Upload {
    fn from(params: Params) -> Self {
        Self { params, file: None }
    }
}

/// Reads a form that may have a file in it.
///
/// # Errors
/// [`FormError::Unreadable`].
pub async fn read(headers: &HeaderMap, body: Body) -> Result<Upload, FormError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(boundary) = content_type.and_then(multipart::boundary) else {
        return Form::parse(headers, body).await.map(Upload::from);
    };
    let whole = read_or_drain(body, UPLOAD_MAX, DRAINED_MAX).await;
    let whole = whole.map_err(|error| FormError::Unreadable(unread(error)))?;
    parse(&whole, boundary).map_err(|error| {
        let told = format!("The form cannot be read: {error}.");
        FormError::Unreadable(OauthError::invalid_request(told))
    })
}

/// Reads a form to its end and forgets it.
pub async fn forget(body: Body) {
    drain(body, DRAINED_MAX).await;
}

fn parse(whole: &Bytes, boundary: &str) -> Result<Upload, String> {
    let parts = multipart::parts(whole, boundary).map_err(|error| error.to_string())?;
    let (files, fields): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.is_file);
    let mut encoded = Serializer::new(String::new());
    for field in fields {
        let text = str::from_utf8(field.bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        encoded.append_pair(field.name, text);
    }
    // The same rules as for every form.
    let params = Params::from_form(encoded.finish().as_bytes(), Limits::default());
    let file = match files[..] {
        [] => None,
        [file] => Some(whole.slice_ref(file.bytes)),
        _ => return Err("it has more than one file".to_owned()),
    };
    Ok(Upload { params: params.map_err(|error| error.to_string())?, file })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSRF: &str = "\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n--x";
    const FILE: &str =
        "\r\nContent-Disposition: form-data; name=\"csrf\"; filename=\"\"\r\n\r\nbytes\r\n--x";

    fn parsed(parts: &[&str]) -> Result<Upload, String> {
        parse(&Bytes::from(format!("--x{}--\r\n", parts.concat())), "x")
    }

    #[test]
    fn a_file_is_no_field_and_there_is_one() {
        let both = parsed(&[CSRF, FILE]).expect("a form");
        assert_eq!(both.params.get("csrf"), Ok(Some("token")));
        assert_eq!(both.file.as_deref(), Some(b"bytes".as_slice()));
        assert_eq!(parsed(&[CSRF]).expect("a form").file, None);
        assert!(parsed(&[CSRF, FILE, FILE]).is_err());
    }

    #[test]
    fn fields_keep_the_rules_of_every_form() {
        let twice = parsed(&[CSRF, CSRF]).expect("a form");
        assert!(twice.params.get("csrf").is_err(), "two are none");
        let long = CSRF.replace("token", &"x".repeat(17_000));
        for bad in [CSRF.replace("token", "a\0b"), long] {
            assert!(parsed(&[&bad]).is_err());
        }
    }
}
