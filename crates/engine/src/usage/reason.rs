//! Why clients are refused: THE table, for their administrators.
//!
//! Invariants: the caller of a protocol endpoint never learns more than the protocol's error; and
//! nothing that a caller sent is in a reason, so that no secret and no hostile text reaches a page.

use serde::Serialize;

macro_rules! reasons {
    ($($name:ident = $word:literal counted $event:literal, $title:literal, $explanation:literal;)+) => {
        /// Why a client was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason { $(#[doc = $title] $name),+ }

        impl Reason {
            /// Every reason, in the order of the checks.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable word, as it is stored and told.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The name under which it is counted in the metrics; some reasons share one.
            pub fn event(self) -> &'static str {
                match self { $(Self::$name => $event),+ }
            }

            /// What happened, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// What happened, and what to do about it.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation),+ }
            }
        }
    };
}

reasons! {
    UnknownSecret = "unknown_secret" counted "failure.unknown_secret", "Unknown client secret",
        "No secret of this client ends like the one that was sent: it was removed, or it belongs to another client. Compare the last five characters of what the application uses with the hints here, or make a new secret for it.";
    WrongSecret = "wrong_secret" counted "failure.wrong_secret", "Wrong client secret",
        "The secret that was sent ends like one of this client's, but is not the same: it was probably copied incompletely or changed on the way, for example by missing URL encoding. Put the whole secret into the application again, or make a new one.";
    ExpiredSecret = "expired_secret" counted "failure.expired_secret", "Expired client secret",
        "The secret is this client's, but its expiry has passed. Make a new secret, put it into the application, then remove the old one.";
    NoCredentials = "no_credentials" counted "failure.method", "No credentials",
        "The application named this client but sent neither a secret nor an assertion. Configure its client authentication: a secret in the Basic header or the body, or private_key_jwt.";
    SecretNotAccepted = "secret_not_accepted" counted "failure.method", "Secrets are not accepted",
        "The application sent a secret, and this client does not authenticate with secrets. Send none from a single-page or native application; for a Web client allow the method, or let the application use its private key.";
    AssertionNotAccepted = "assertion_not_accepted" counted "failure.method", "Assertions are not accepted",
        "The application sent a signed assertion, and this client does not authenticate with private_key_jwt. Allow the method and register the public key, or let the application use its secret.";
    AssertionMalformed = "assertion_malformed" counted "failure.assertion", "Unreadable assertion",
        "The assertion is not a signed JWT with the claims iss, sub, aud, exp and jti in their right types. Use a maintained JWT library to make it.";
    AssertionAlgorithm = "assertion_algorithm" counted "failure.assertion", "Algorithm of the assertion is not accepted",
        "The assertion is signed with an algorithm that is not accepted. The discovery document lists the accepted ones under token_endpoint_auth_signing_alg_values_supported.";
    AssertionKey = "assertion_key" counted "failure.assertion", "No key fits the assertion",
        "None of this client's public keys verifies the assertion: the application signs with another key, or names another kid. Register the public key of the pair that it signs with.";
    AssertionKeysUnreachable = "assertion_keys_unreachable" counted "failure.assertion", "Public keys could not be fetched",
        "This client's jwks_uri did not answer with a key set. See that it is reachable over https from this server and serves JSON with public keys.";
    AssertionIssuer = "assertion_issuer" counted "failure.assertion", "Assertion of another client",
        "The claims iss and sub of the assertion must both be this client's id. Set both in the application.";
    AssertionAudience = "assertion_audience" counted "failure.assertion", "Assertion for another server",
        "The claim aud of the assertion must be this tenant's token endpoint or its issuer, exactly as in the discovery document. Set it in the application.";
    AssertionExpired = "assertion_expired" counted "failure.assertion", "Expired assertion",
        "The assertion had expired when it arrived. Make a new one for each request, and check the clock of the application's machine.";
    AssertionTooLong = "assertion_too_long" counted "failure.assertion", "Assertion lives too long",
        "The assertion's exp is more than an hour away. Let it expire within a few minutes.";
    AssertionFuture = "assertion_future" counted "failure.assertion", "Assertion from the future",
        "The assertion's iat or nbf is in the future. Check the clock of the application's machine.";
    AssertionId = "assertion_id" counted "failure.assertion", "Assertion without a usable jti",
        "The assertion needs a jti of 1 to 255 bytes that is different in every assertion.";
    AssertionReplayed = "assertion_replayed" counted "failure.assertion", "Assertion used twice",
        "An assertion with this jti was used before. Make a new one with a new jti for each request. If nobody else should have it, look where the application logs or passes it on.";
    Disabled = "disabled" counted "failure.disabled", "Client is switched off",
        "The client's owner switched it off. Its owner can switch it on again.";
    NotApproved = "not_approved" counted "failure.disabled", "Client is not approved in this tenant",
        "This tenant's connection to the client is not approved. An administrator can approve it.";
    GrantNotAllowed = "grant_not_allowed" counted "failure.grant_not_allowed", "Grant type is not allowed",
        "The application asked in a way that this client may not use. Allow machine-to-machine or impersonation for a Web client, or register a redirect URL for sign-in; or correct grant_type in the application.";
    NotTrusted = "not_trusted" counted "failure.not_trusted", "Client is not trusted",
        "Machine-to-machine needs a client that an administrator trusts. Change its consent method to trusted; a published client cannot be.";
    ScopeNotAllowed = "scope_not_allowed" counted "failure.scope_not_allowed", "Scope is not allowed",
        "The application asked for a scope that this client may not have, or that was not granted before. Add the scope to the client, or let the application ask for less.";
    UserDisabled = "user_disabled" counted "failure.user_disabled", "User is disabled",
        "The user for whom the token was asked, or the client's own bot user, is disabled or deleted. Enable the user, or let another one sign in.";
    UserUnknown = "user_unknown" counted "failure.user_unknown", "User to act as is unknown",
        "No person of this tenant fits user_lookup. Send the id or the subject of a user of this tenant.";
    RedirectUri = "redirect_uri" counted "failure.redirect_uri", "Redirect URL is not registered",
        "The application sent people here with a redirect_uri that this client has not registered. Register the exact URL, character for character, or correct it in the application.";
    PkceMissing = "pkce_missing" counted "failure.pkce", "PKCE is missing",
        "This client must use PKCE with S256, and the application sent no usable code_challenge. Switch PKCE on in the application's OAuth library.";
    PkceMismatch = "pkce_mismatch" counted "failure.pkce", "PKCE does not fit",
        "The code_verifier does not fit the code_challenge that the sign-in began with, or is missing. The application must keep the verifier between sign-in and token request, for each sign-in its own.";
    CodeUnknown = "code_unknown" counted "failure.code", "Unknown authorization code",
        "The authorization code is not known here, or was given to another client. The application must send the code as it came, to the tenant and with the client that it came for.";
    CodeExpired = "code_expired" counted "failure.code", "Expired authorization code",
        "The authorization code had expired. The application must exchange it at once.";
    CodeReplayed = "code_replayed" counted "failure.code", "Authorization code used twice",
        "The authorization code was used before. If this client had used it, its tokens were revoked. Look whether the application sends its token request twice, for example after a page is loaded again.";
    CodeRedirectUri = "code_redirect_uri" counted "failure.code", "Other redirect URL than at sign-in",
        "The redirect_uri of the token request is not the one that the sign-in began with. The application must send the same text in both.";
    RefreshUnknown = "refresh_unknown" counted "failure.refresh", "Unknown refresh token",
        "The refresh token is not known here, or belongs to another client. Its user has to sign in again.";
    RefreshExpired = "refresh_expired" counted "failure.refresh", "Expired refresh token",
        "The refresh token had expired, because it was not used for longer than its lifetime. Its user has to sign in again.";
    RefreshRevoked = "refresh_revoked" counted "failure.refresh", "Revoked refresh token",
        "The refresh token was revoked: by its user, by an administrator, by the application itself, or because an older token of it was used again. Its user has to sign in again.";
    RefreshReplayed = "refresh_replayed" counted "failure.refresh", "Refresh token used twice",
        "A refresh token that had been replaced was used again, so all tokens of that sign-in were revoked. Let the application keep the newest refresh token and refresh in one place at a time. If it does, an old token may have leaked.";
}

impl Reason {
    /// The reason of a stored word; `None` for a word of a newer version.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word)
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_word_and_says_what_to_do() {
        for (place, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, place);
            assert_eq!(Reason::parse(reason.word()), Some(*reason));
            let plain = |byte: u8| byte == b'_' || byte.is_ascii_lowercase();
            assert!(reason.word().bytes().all(plain), "{}", reason.word());
            assert!(reason.event().starts_with("failure."), "{}", reason.event());
            assert!(reason.title().len() < 60 && !reason.title().ends_with('.'));
            assert!(reason.explanation().ends_with('.') && reason.explanation().len() < 300);
        }
        assert_eq!(Reason::parse("of tomorrow"), None);
    }
}
