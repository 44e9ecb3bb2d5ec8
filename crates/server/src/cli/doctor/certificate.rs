//! What a server's certificate says of itself: its dates and names (RFC 5280 section 4.1).
//!
//! A light check: it reads, and trusts nothing. Whether clients trust the issuer is not asked.

use std::path::Path;

use domain::time::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};

/// The first certificate of a file, which is the server's own.
pub(super) struct Leaf {
    der: CertificateDer<'static>,
    /// From when it is good.
    pub not_before: Timestamp,
    /// Until when it is good.
    pub not_after: Timestamp,
}

impl Leaf {
    /// Reads it; `None` when it is not of the usual form.
    pub fn read(file: &Path) -> Option<Self> {
        let der = CertificateDer::from_pem_file(file).ok()?;
        let (not_before, not_after) = validity(&der)?;
        Some(Self { der, not_before, not_after })
    }

    /// Whether it is for a host name.
    pub fn covers(&self, name: &str) -> bool {
        let Ok(parsed) = ParsedCertificate::try_from(&self.der) else { return false };
        let Ok(name) = ServerName::try_from(name) else { return false };
        verify_server_name(&parsed, &name).is_ok()
    }
}

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// One DER element: its tag, what is in it, and what comes after it (X.690 section 8.1).
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits.iter().fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit));
            (length, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// An element that must have this tag: what is in it, and what comes after it.
fn expect(tag: u8, input: &[u8]) -> Option<(&[u8], &[u8])> {
    element(input).filter(|found| found.0 == tag).map(|(_, content, rest)| (content, rest))
}

/// `notBefore` and `notAfter`.
fn validity(der: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (certificate, _) = expect(SEQUENCE, der)?;
    let (mut to_be_signed, _) = expect(SEQUENCE, certificate)?;
    if let Some((_, after)) = expect(VERSION, to_be_signed) {
        to_be_signed = after;
    }
    let (_, rest) = expect(INTEGER, to_be_signed)?;
    let (_algorithm, rest) = expect(SEQUENCE, rest)?;
    let (_issuer, rest) = expect(SEQUENCE, rest)?;
    let (dates, _) = expect(SEQUENCE, rest)?;
    let (tag, not_before, rest) = element(dates)?;
    let not_before = instant(tag, not_before)?;
    let (tag, not_after, _) = element(rest)?;
    Some((not_before, instant(tag, not_after)?))
}

/// Two-digit years are of 1950 to 2049 (RFC 5280 section 4.1.2.5.1).
fn instant(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let full = match tag {
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let at = DateTime::strptime("%Y%m%d%H%M%SZ", &full).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn certificate(names: &[&str]) -> Vec<u8> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(names).expect("names");
        params.not_before = rcgen::date_time_ymd(2024, 2, 29);
        params.not_after = rcgen::date_time_ymd(2055, 12, 31);
        let key = rcgen::KeyPair::generate().expect("a key");
        params.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn dates_and_names_are_read() {
        let der = CertificateDer::from(certificate(&["a.example.com", "*.eu.example.com"]));
        let (not_before, not_after) = validity(&der).expect("dates");
        assert_eq!(not_before.to_string(), "2024-02-29T00:00:00Z");
        assert_eq!(not_after.to_string(), "2055-12-31T00:00:00Z");
        let leaf = Leaf { der, not_before, not_after };
        assert!(leaf.covers("a.example.com") && leaf.covers("x.eu.example.com"));
        assert!(!leaf.covers("b.example.com") && !leaf.covers("x.y.eu.example.com"));
    }

    proptest! {
        #[test]
        fn damaged_certificates_are_no_panic(at in 0_usize..400, byte: u8, cut in 0_usize..400) {
            let mut der = certificate(&["a.example.com"]);
            if let Some(place) = der.get_mut(at) {
                *place = byte;
            }
            let _ = validity(&der);
            der.truncate(cut);
            let _ = validity(&der);
        }
    }
}
