//! Agents' passwords: Argon2id with the parameters OWASP asks for. An unknown
//! login costs as much time as a known one, and a flood of logins can take only
//! a bounded share of memory and processors.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use rand_chacha::rand_core::CryptoRng;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Fewest characters of a new password.
pub const MIN_CHARS: usize = 12;
/// Longest password that is looked at, in bytes: hashing must not be a way to
/// keep the server busy.
pub const MAX_BYTES: usize = 1024;
/// Verifications at the same time; each takes the memory of [`Cost`].
const AT_ONCE: usize = 4;
const SALT_LEN: usize = 16;
/// Fewer signs than this are repeated.
const DISTINCT_MIN: usize = 5;
/// The beginning of a password by which it is judged.
const GUESSED_CHARS: usize = 72;

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password is too short: choose at least {MIN_CHARS} characters")]
    TooShort,
    #[error("the password is too long: choose at most {MAX_BYTES} bytes")]
    TooLong,
    #[error("the password is easy to guess: choose several words that do not go together")]
    Guessable,
    #[error("the hashing cost is out of Argon2's bounds")]
    Cost,
    #[error("the hashing did not end")]
    Hashing,
}

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for Cost {
    /// OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Cost {
    /// As little as Argon2 allows. For tests: it protects nothing.
    pub const LOWEST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// Hashes and verifies passwords. Cheap to clone; share one per process.
#[derive(Clone)]
pub struct Passwords {
    inner: Arc<Inner>,
    turns: Arc<Semaphore>,
}

struct Inner {
    argon: Argon2<'static>,
    /// The hash of nobody's password, verified for unknown logins.
    dummy: String,
    /// Verifications so far.
    #[cfg(test)]
    verified: std::sync::atomic::AtomicUsize,
}

impl Inner {
    fn verify(&self, password: &[u8], stored: &str) -> bool {
        PasswordHash::new(stored).is_ok_and(|hash| {
            #[cfg(test)]
            self.verified.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            self.argon.verify_password(password, &hash).is_ok()
        })
    }
}

impl Passwords {
    /// # Errors
    /// [`PasswordError::Cost`] if Argon2 does not allow this cost.
    pub fn new<R: CryptoRng>(cost: Cost, rng: &mut R) -> Result<Self, PasswordError> {
        let params =
            Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| PasswordError::Cost)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut nobodys = Zeroizing::new([0; 32]);
        rng.fill_bytes(nobodys.as_mut());
        let dummy = hash_with(&argon, nobodys.as_slice(), salt(rng))?;
        let inner = Inner {
            argon,
            dummy,
            #[cfg(test)]
            verified: std::sync::atomic::AtomicUsize::default(),
        };
        Ok(Self { inner: Arc::new(inner), turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The hash to store for a new password, as a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::TooShort`], [`PasswordError::TooLong`] or [`PasswordError::Guessable`].
    pub async fn hash<R: CryptoRng>(
        &self,
        password: &str,
        login: &str,
        rng: &mut R,
    ) -> Result<String, PasswordError> {
        if password.chars().count() < MIN_CHARS {
            return Err(PasswordError::TooShort);
        }
        let password = normal(password).ok_or(PasswordError::TooLong)?;
        if is_guessable(&password, login) {
            return Err(PasswordError::Guessable);
        }
        self.hashed(password, rng).await
    }

    /// The same password at today's cost. It was taken once, and is not judged again.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`].
    pub async fn rehash<R: CryptoRng>(&self, password: &str, rng: &mut R) -> Result<String, PasswordError> {
        self.hashed(normal(password).ok_or(PasswordError::TooLong)?, rng).await
    }

    async fn hashed<R: CryptoRng>(
        &self,
        password: Zeroizing<String>,
        rng: &mut R,
    ) -> Result<String, PasswordError> {
        let salt = salt(rng);
        self.in_turn(move |inner| hash_with(&inner.argon, password.as_bytes(), salt))
            .await
            .ok_or(PasswordError::Hashing)?
    }

    /// Whether `password` is the one behind `stored`. Give `None` for an unknown
    /// login: the answer is no, after the same work.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> bool {
        let given = normal(password);
        let too_long = given.is_none();
        let given = given.unwrap_or_default();
        let stored = stored.map(str::to_owned);
        let matches = self
            .in_turn(move |inner| {
                let hash = stored.as_deref().unwrap_or(&inner.dummy);
                let matches = inner.verify(given.as_bytes(), hash);
                matches && stored.is_some()
            })
            .await;
        matches.unwrap_or(false) && !too_long
    }

    /// Whether a stored hash was made at another cost: hash anew after the next
    /// good login.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let params = PasswordHash::new(stored).map(|hash| Params::try_from(&hash));
        let Ok(Ok(params)) = params else { return true };
        let ours = self.inner.argon.params();
        (params.m_cost(), params.t_cost(), params.p_cost()) != (ours.m_cost(), ours.t_cost(), ours.p_cost())
    }

    /// Runs the work off the async threads, at most a few at once.
    async fn in_turn<T, F>(&self, work: F) -> Option<T>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> T + Send + 'static,
    {
        let turn = self.turns.clone().acquire_owned().await.ok()?;
        let inner = self.inner.clone();
        let work = spawn_blocking(move || {
            // Held by the work itself: a dropped request does not stop it.
            let _turn = turn;
            work(&inner)
        });
        work.await.ok()
    }
}

/// Whether whoever knows common passwords, names, dates and keyboards guesses it soon. A good password that is kept at a new
/// cost is not asked again.
fn is_guessable(password: &str, login: &str) -> bool {
    let start: String = password.chars().take(GUESSED_CHARS).collect();
    let distinct: std::collections::BTreeSet<char> = start.chars().collect();
    if distinct.len() < DISTINCT_MIN {
        return true;
    }
    let ours =
        [login, "passage", "prefecture", "préfecture", "motdepasse", "titre", "sejour", "séjour", "guichet"];
    zxcvbn::zxcvbn(&start, &ours).score() < zxcvbn::Score::Three
}

/// NFKC, so that "é" typed on two keyboards is one password; `None` if too long.
fn normal(password: &str) -> Option<Zeroizing<String>> {
    let fits = password.len() <= MAX_BYTES;
    fits.then(|| Zeroizing::new(password.nfkc().collect()))
}

fn salt<R: CryptoRng>(rng: &mut R) -> [u8; SALT_LEN] {
    let mut salt = [0; SALT_LEN];
    rng.fill_bytes(&mut salt);
    salt
}

fn hash_with(argon: &Argon2<'_>, password: &[u8], salt: [u8; SALT_LEN]) -> Result<String, PasswordError> {
    argon
        .hash_password_with_salt(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| PasswordError::Hashing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;
    use std::sync::atomic::Ordering;

    const GOOD: &str = "une phrase assez longue";

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([1; 32])
    }

    fn passwords(cost: Cost) -> Passwords {
        Passwords::new(cost, &mut rng()).expect("a cost Argon2 allows")
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let passwords = passwords(Cost::LOWEST);
        let stored = passwords.hash(GOOD, "agent", &mut rng()).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        assert!(passwords.verify(GOOD, Some(&stored)).await);
        assert!(!passwords.verify("une phrase assez courte", Some(&stored)).await);
        assert!(!passwords.verify("", Some(&stored)).await);
    }

    #[tokio::test]
    async fn what_is_soon_guessed_is_refused() {
        let passwords = passwords(Cost::LOWEST);
        for weak in [
            "aaaaaaaaaaaa",
            "passwordpassword",
            "motdepasse123",
            "123456789012",
            "azertyuiopqs",
            "abcabcabcabc",
            "jeanne.martin",
            "jeanne.martin1",
            "Password1234!",
            "prefecture2027",
            "AAAAbbbb1111",
        ] {
            let refused = passwords.hash(weak, "jeanne.martin", &mut rng()).await;
            assert_eq!(refused, Err(PasswordError::Guessable), "{weak}");
        }
        for good in ["quatre cigognes sous la pluie", "Tr7!vq-ZkP0w", "merle lampe canoë 41"] {
            assert!(passwords.hash(good, "jeanne.martin", &mut rng()).await.is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn accents_match_however_they_were_typed() {
        let passwords = passwords(Cost::LOWEST);
        let stored = passwords.hash("épée cachée ici", "agent", &mut rng()).await;
        let typed = "e\u{301}pe\u{301}e cache\u{301}e ici";
        assert!(passwords.verify(typed, Some(&stored.expect("hashed"))).await);
    }

    #[tokio::test]
    async fn bad_lengths_are_refused_with_the_remedy() {
        let passwords = passwords(Cost::LOWEST);
        let short = passwords.hash("court", "agent", &mut rng()).await;
        assert_eq!(short, Err(PasswordError::TooShort));
        let long = "x".repeat(MAX_BYTES + 1);
        let refused = passwords.hash(&long, "agent", &mut rng()).await;
        assert_eq!(refused, Err(PasswordError::TooLong));
        assert!(!passwords.verify(&long, None).await);
    }

    /// The work of a verification: one hash, at the cost that the verified hash names.
    #[tokio::test]
    async fn an_unknown_login_takes_the_same_work() {
        for cost in [Cost::LOWEST, Cost { memory_kib: 64, passes: 3, lanes: 2 }] {
            let passwords = passwords(cost);
            let stored = passwords.hash(GOOD, "agent", &mut rng()).await.expect("hashed");
            let named = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
            assert_eq!(named(&passwords.inner.dummy), named(&stored), "the algorithm and its cost");
            let too_long = "x".repeat(MAX_BYTES + 1);
            for given in ["pas le bon mot", "", GOOD, &too_long] {
                for known in [Some(stored.as_str()), None] {
                    let before = passwords.inner.verified.load(Ordering::SeqCst);
                    let lets_in = passwords.verify(given, known).await;
                    assert_eq!(lets_in, given == GOOD && known.is_some());
                    let hashes = passwords.inner.verified.load(Ordering::SeqCst) - before;
                    assert_eq!(hashes, 1, "{known:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn a_damaged_hash_lets_nobody_in() {
        let passwords = passwords(Cost::LOWEST);
        assert!(!passwords.verify(GOOD, Some("$argon2id$nonsense")).await);
        assert!(!passwords.verify("", Some("")).await);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_outdated() {
        let stored = passwords(Cost::LOWEST).hash(GOOD, "agent", &mut rng()).await.expect("hashed");
        assert!(!passwords(Cost::LOWEST).is_outdated(&stored));
        assert!(passwords(Cost::default()).is_outdated(&stored));
        assert!(passwords(Cost::default()).is_outdated("nonsense"));
    }

    #[test]
    fn an_impossible_cost_is_refused() {
        let cost = Cost { memory_kib: 1, ..Cost::default() };
        assert!(matches!(Passwords::new(cost, &mut rng()), Err(PasswordError::Cost)));
    }
}
