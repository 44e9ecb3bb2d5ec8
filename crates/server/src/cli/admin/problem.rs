//! Why a command was refused, in the words of the command line.

use engine::admin::AdminError;

/// The flags whose names are not the field's own in kebab case.
const FLAGS: &[(&str, &str)] = &[
    ("clientName", "--name"),
    ("licenceNumber", "--licence"),
    ("redirectUris", "--redirect-uri"),
    ("postLogoutRedirectUris", "--post-logout-redirect-uri"),
    ("allowedOrigins", "--origin"),
    ("allowedScopes", "--scope"),
    ("allowedGrantTypes", "--grant"),
    ("allowedAuthMethods", "--auth-method"),
    ("publicKeys", "--public-key-file"),
    ("clientSecret", "--secret-file"),
    ("idTokenSignedResponseAlg", "--id-token-alg"),
    ("consentMethod", "--consent"),
    ("hostnames", "--hostname"),
    ("assignedRoles", "--role"),
    ("password", "the password"),
    ("claims", "--claims-file"),
    ("disableTag", "--reason"),
    ("code", "--code"),
];

/// The commands that list what can be named.
const LISTS: &[(&str, &str)] = &[
    ("organization", "countersign admin organization list"),
    ("subscription", "countersign admin subscription list"),
    ("region", "countersign admin region list"),
    ("tenant", "countersign admin tenant list"),
    ("user", "countersign admin user list"),
    ("client", "countersign admin client list"),
    ("client secret", "countersign admin client list --json"),
];

/// The flag of a field of the wire.
fn flag(field: &str) -> String {
    if let Some((_, flag)) = FLAGS.iter().find(|(name, _)| *name == field) {
        return (*flag).to_owned();
    }
    let mut flag = String::from("--");
    for letter in field.chars() {
        if letter.is_ascii_uppercase() {
            flag.push('-');
        }
        flag.push(letter.to_ascii_lowercase());
    }
    flag
}

/// An administrative refusal that names the flag, or the command that helps.
pub(super) fn explain(error: AdminError) -> anyhow::Error {
    match error {
        AdminError::Invalid { field, message, .. } => anyhow::anyhow!("{}: {message}", flag(field)),
        AdminError::NotFound(what) => match LISTS.iter().find(|(noun, _)| *noun == what) {
            Some((_, command)) => {
                anyhow::anyhow!("there is no such {what}: `{command}` shows what there is")
            }
            None => anyhow::anyhow!("there is no such {what}"),
        },
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_in_the_words_of_the_command_line() {
        let told = |error| explain(error).to_string();
        let invalid =
            |field| AdminError::Invalid { field, index: None, message: "is wrong".into() };
        assert_eq!(told(invalid("redirectUris")), "--redirect-uri: is wrong");
        assert_eq!(told(invalid("jwksUri")), "--jwks-uri: is wrong");
        assert_eq!(
            told(AdminError::NotFound("tenant")),
            "there is no such tenant: `countersign admin tenant list` shows what there is"
        );
    }
}
