//! What is ours: forms that another site's page has sent are not, nor are addresses that lead to one.

use axum::http::HeaderMap;

/// Whether the browser says that the request comes from this site. One that says nothing is believed: what
/// acts for somebody already recognised asks for a CSRF token as well.
pub fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else {
        return true;
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == public_url || (authority.is_some() && authority == text("host"))
}

/// An address of this site, and nothing that a browser could take for another one. No address of ours that
/// a page leads back to holds a percent sign, so nothing is left to decode.
pub fn own_address(address: &str) -> Option<&str> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    own_path(path).filter(|_| query.chars().all(|c| is_plain(c) || matches!(c, '=' | '&'))).map(|_| address)
}

/// The same without a query.
pub fn own_path(path: &str) -> Option<&str> {
    let upward = path.split('/').any(|part| matches!(part, "." | ".."));
    let own = path.starts_with('/') && !path.contains("//") && !upward;
    (own && path.chars().all(|c| is_plain(c) || c == '/')).then_some(path)
}

const fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::{own_address, own_path};

    #[test]
    fn a_change_of_language_never_leads_to_another_site() {
        for ours in ["/p/demo/titre", "/agent/comptoir?jour=2027-01-04&fait=absent"] {
            assert_eq!(own_address(ours), Some(ours));
        }
        assert_eq!(own_path("/a?b=c"), None);
        for elsewhere in [
            "",
            "//example.org",
            "/..//example.org",
            "/.//example.org",
            "/a//example.org",
            "/a/../..//example.org",
            "/..",
            "/p/../x",
            "/%2F/example.org",
            "/%5Cexample.org",
            "https://example.org",
            "/\\example.org",
            "/a?b=c/d",
            "/a?b=%0D",
            "/\r\nX: y",
            "/\tx",
        ] {
            assert_eq!(own_address(elsewhere), None, "{elsewhere}");
        }
    }
}
