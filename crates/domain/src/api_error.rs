//! Errors of the REST API (contract, section 6): one table, like [`crate::oauth_error`].

use serde_json::{Value, json};

macro_rules! table {
    ($($(#[$doc:meta])* $kind:ident => $code:literal, $status:literal, $title:literal, $detail:literal;)+) => {
        /// What went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ApiError { $($(#[$doc])* $kind),+ }

        impl ApiError {
            /// Every row, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The contract's code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$kind => $code),+ }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status),+ }
            }

            fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            fn detail(self) -> &'static str {
                match self { $(Self::$kind => $detail),+ }
            }
        }
    };
}

table! {
    /// There is no such user in this tenant.
    UserNotFound => "USERS-7", 404, "Not found", "There is no such user in this tenant.";
    /// The caller may not read this user.
    UserForbidden => "USERS-6", 403, "Forbidden",
        "Reading other users needs the role TenantAdmin and the scope admin.users:read.";
    /// There is no such tenant on this host.
    TenantNotFound => "TENANTS-8", 404, "Not found", "This host serves one tenant, and that is not it.";
}

impl ApiError {
    /// The body of an answer. In the contract, users' errors carry the status as a number and
    /// tenants' as text.
    pub fn body(self, trace_id: &str) -> Value {
        let status = match self {
            Self::UserNotFound | Self::UserForbidden => json!(self.status()),
            Self::TenantNotFound => json!(self.status().to_string()),
        };
        json!({
            "errors": [{
                "code": self.code(),
                "title": self.title(),
                "detail": self.detail(),
                "status": status,
            }],
            "traceId": trace_id,
        })
    }
}
