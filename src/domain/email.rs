//! An e-mail address good enough to try; only a delivered message proves it. Strict where a slip of the
//! finger is likely: dots, spaces, what stands after the @.

use thiserror::Error;

use super::text::is_invisible;

/// Longest address and longest part before the @, in bytes (RFC 5321).
const MAX_BYTES: usize = 254;
const LOCAL_MAX_BYTES: usize = 64;
/// Longest part of a domain between two dots, in bytes.
const LABEL_MAX_BYTES: usize = 63;

/// Not an address that a message can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("email: not an address; write it as name@example.org")]
pub struct EmailError;

/// Reads an address: small letters, without what copying leaves around it.
///
/// ```
/// use passage::domain::email::parse;
///
/// assert_eq!(parse(" Amina@Example.ORG ").as_deref(), Ok("amina@example.org"));
/// assert!(parse("amina@example..org").is_err());
/// ```
///
/// # Errors
/// If it is not an address.
pub fn parse(text: &str) -> Result<String, EmailError> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter));
    let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
    let short = text.len() <= MAX_BYTES && local.len() <= LOCAL_MAX_BYTES;
    if short && is_local(local) && is_domain(domain) { Ok(text.to_lowercase()) } else { Err(EmailError) }
}

fn is_local(local: &str) -> bool {
    local.split('.').all(|part| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter))
    })
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let letters = label.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
        letters
            && (1..=LABEL_MAX_BYTES).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    let is_top = last.chars().count() >= 2 && !last.chars().all(|letter| letter.is_ascii_digit());
    domain.contains('.') && is_top && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_exist_are_accepted() {
        for text in [
            "a@example.org",
            "prenom.nom+prefecture@laposte.net",
            "o'brien@example.ie",
            "a@sub.domain.example.fr",
            "a@préfecture.example.fr",
            "a@xn--bcher-kva.example",
        ] {
            assert_eq!(parse(text).as_deref(), Ok(text));
        }
        assert_eq!(parse("\u{200F}a@example.org\u{200E} ").as_deref(), Ok("a@example.org"));
    }

    #[test]
    fn slips_of_the_finger_are_refused() {
        for text in [
            "",
            "a",
            "a@",
            "@example.org",
            "a@example",
            "a@example..org",
            "a@.example.org",
            "a@example.org.",
            "a..b@example.org",
            ".a@example.org",
            "a.@example.org",
            "a b@example.org",
            "a@exam ple.org",
            "a@b@example.org",
            "a@example.o",
            "a@example.1",
            "a@127.0.0.1",
            "a@-example.org",
            "a@example.org, b@example.org",
            "<a@example.org>",
            "a\u{202E}b@example.org",
            "a@exam\u{200B}ple.org",
            "a\0@example.org",
            "é@example.org",
        ] {
            assert_eq!(parse(text), Err(EmailError), "{text:?}");
        }
        assert!(parse(&format!("{}@example.org", "a".repeat(65))).is_err());
        assert!(parse(&format!("a@{}.org", "a.".repeat(130))).is_err());
    }
}
