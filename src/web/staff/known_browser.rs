//! A browser that a login has signed in with, told by a sealed cookie: wrong passwords from elsewhere
//! cannot keep the owner out of it. The cookie opens nothing; it only has its own count of tries.

use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, TimeDelta, Utc};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::flow::random;
use crate::vault::Vault;
use crate::web::shared::cookies;

const PURPOSE: &str = "known-browser";
const DAYS: i64 = 30;
const TIME_LEN: usize = 8;
const ID_LEN: usize = 16;

/// The header that hands the cookie out after a sign-in.
pub fn cookie(vault: &Vault, login: &str, now: DateTime<Utc>) -> [(HeaderName, String); 1] {
    let expires = (now + TimeDelta::days(DAYS)).timestamp().to_be_bytes();
    let plain = [&expires, random::<ID_LEN>().as_slice(), login.as_bytes()].concat();
    let sealed = hex::encode(vault.seal_secret(PURPOSE, Uuid::nil(), &plain));
    let cookie = Cookie::build((name(login), sealed)).path("/").secure(true).http_only(true);
    cookies::set(&cookie.same_site(SameSite::Strict).max_age(Duration::days(DAYS)).build())
}

/// The id of a browser that this login has signed in with in the last days.
pub fn of(vault: &Vault, headers: &HeaderMap, login: &str, now: DateTime<Utc>) -> Option<String> {
    let sealed = hex::decode(cookies::value(headers, &name(login))?).ok()?;
    let plain = vault.open_secret(PURPOSE, Uuid::nil(), &sealed).ok()?;
    let (expires, rest) = plain.split_first_chunk::<TIME_LEN>()?;
    let (id, owner) = rest.split_first_chunk::<ID_LEN>()?;
    let is_good = now.timestamp() < i64::from_be_bytes(*expires) && owner == login.as_bytes();
    is_good.then(|| hex::encode(id))
}

/// One cookie a login, so that colleagues can share a browser.
fn name(login: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(login).into();
    format!("__Host-passage-known-{}", hex::encode(&digest[..4]))
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_browser_is_known_for_one_login_for_a_month_and_only_by_our_seal() {
        let vault = Vault::new(&MasterKey::from_bytes([7; 32]));
        let now: DateTime<Utc> = "2027-01-05T08:00:00Z".parse().unwrap();
        let [(_, set)] = cookie(&vault, "agent", now);
        let pair = set.split(';').next().unwrap();
        let headers = |pair: &str| HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())]);
        let known = |pair: &str, login: &str, days| {
            of(&vault, &headers(pair), login, now + TimeDelta::days(days)).is_some()
        };
        assert!(known(pair, "agent", 29));
        assert!(!known(pair, "agent", 30));
        // Another login cannot use the value under the name of its own cookie.
        let (_, value) = pair.split_once('=').unwrap();
        assert!(!known(pair, "collegue", 0));
        assert!(!known(&format!("{}={value}", name("collegue")), "collegue", 0));
        assert!(!known(&format!("{}={}", name("agent"), "00".repeat(40)), "agent", 0));
    }
}
