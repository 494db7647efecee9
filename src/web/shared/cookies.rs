//! Cookies as they come in and go out, for a session and for a chosen language.

use axum::http::{HeaderMap, HeaderName, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use crate::locale::Lang;

/// The cookie that remembers a chosen language.
pub const LANG_COOKIE: &str = "langue";
/// … for so long.
const A_YEAR: Duration = Duration::days(365);

/// The value of the first cookie of this name.
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)?
        .value_raw()
}

/// The header that hands a cookie out.
pub fn set(cookie: &Cookie<'_>) -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, cookie.to_string())]
}

/// The header that remembers a chosen language.
pub fn language(chosen: Lang) -> [(HeaderName, String); 1] {
    let cookie = Cookie::build((LANG_COOKIE, chosen.code())).path("/").same_site(SameSite::Lax);
    set(&cookie.http_only(true).max_age(A_YEAR).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_in_several_headers() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "broken; a=1; langue=x".parse().unwrap());
        headers.append(header::COOKIE, "b=x=y; langue=y; c=".parse().unwrap());
        for (name, expected) in
            [("a", Some("1")), ("langue", Some("x")), ("b", Some("x=y")), ("c", Some("")), ("d", None)]
        {
            assert_eq!(value(&headers, name), expected, "{name}");
        }
    }
}
