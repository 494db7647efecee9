//! The second factor of staff: time-based one-time passwords (RFC 6238), as every authenticator application knows them:
//! SHA-1, six digits, thirty seconds, one step of tolerance either way.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use rand_chacha::rand_core::CryptoRng;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// RFC 4226 recommends 160 bits.
const SECRET_LEN: usize = 20;
const STEP_SECONDS: u64 = 30;
/// Letters and figures that nobody takes for another.
const CODE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// A recovery code has sixteen of them: 80 bits.
const CODE_LEN: usize = 16;
/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;
/// Modules of a QR code around it, in pixels of its picture.
const QR_MIN_PIXELS: u32 = 220;

/// A second factor: its secret, and whose it is.
pub struct SecondFactor(Totp);

impl SecondFactor {
    /// The secret of a new one.
    pub fn new_secret<R: CryptoRng>(rng: &mut R) -> Zeroizing<[u8; SECRET_LEN]> {
        let mut secret = Zeroizing::new([0; SECRET_LEN]);
        rng.fill_bytes(secret.as_mut());
        secret
    }

    /// From its secret; `None` if that is too short to be one. `account` and `issuer` are what the application shows.
    pub fn of(secret: &[u8], issuer: &str, account: &str) -> Option<Self> {
        let plain = |text: &str| text.replace(':', " ");
        let builder = Builder::new()
            .with_secret(Secret::from(secret.to_vec()))
            .with_issuer(Some(plain(issuer)))
            .with_account_name(plain(account));
        builder.build().ok().map(Self)
    }

    /// The step in which a code is good at this time (seconds since 1970), if it is. The caller keeps it: no step is good
    /// twice.
    pub fn step_of(&self, code: &str, at: u64) -> Option<u64> {
        self.0.check(code, at).map(|_| ()).and_then(|()| {
            let now = at / STEP_SECONDS;
            [now, now.saturating_sub(1), now + 1]
                .into_iter()
                .find(|step| self.0.generate(step * STEP_SECONDS).to_string() == code)
        })
    }

    /// What is typed into an application that cannot read the picture, in groups of four.
    pub fn typed(&self) -> String {
        let text = self.0.secret().to_base32();
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// The picture that an application reads.
    pub fn picture(&self) -> Option<String> {
        let code = QrCode::with_error_correction_level(self.0.to_string(), EcLevel::M).ok()?;
        Some(code.render::<svg::Color<'_>>().min_dimensions(QR_MIN_PIXELS, QR_MIN_PIXELS).build())
    }

    /// The code of now, for tests and trials.
    pub fn code(&self, at: u64) -> String {
        self.0.generate(at).to_string()
    }
}

/// New recovery codes, each good once instead of a code.
pub fn recovery_codes<R: CryptoRng>(rng: &mut R) -> Vec<Zeroizing<String>> {
    let code = |_| {
        let mut bytes = [0; CODE_LEN];
        rng.fill_bytes(&mut bytes);
        let letters: String = bytes
            .iter()
            .map(|byte| char::from(CODE_LETTERS[usize::from(*byte) % CODE_LETTERS.len()]))
            .collect();
        Zeroizing::new(letters)
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// A code as it is compared: without spaces and dashes, in capitals.
pub fn normal(typed: &str) -> String {
    let kept = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    kept.flat_map(char::to_uppercase).take(2 * CODE_LEN).collect()
}

/// Whether this is a code of the application, and not a recovery code.
pub fn is_of_application(normal: &str) -> bool {
    normal.len() == 6 && normal.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let factor = SecondFactor::of(b"12345678901234567890", "Passage", "agent").unwrap();
        // RFC 6238, appendix B, the last six digits.
        for (at, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(factor.code(at), code);
            assert_eq!(factor.step_of(code, at), Some(at / 30));
            assert_eq!(factor.step_of(code, at + 30), Some(at / 30), "one step late");
            assert_eq!(factor.step_of(code, at + 90), None);
        }
        assert_eq!(factor.step_of("", 59), None);
        assert!(SecondFactor::of(b"short", "Passage", "agent").is_none());
    }

    #[test]
    fn a_picture_and_a_text_carry_the_secret() {
        let factor = SecondFactor::of(b"12345678901234567890", "Préfecture : ici", "a:gent").unwrap();
        assert_eq!(factor.typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let picture = factor.picture().unwrap();
        assert!(picture.contains("<svg") && !picture.contains("style="), "{picture}");
    }

    #[test]
    fn recovery_codes_are_many_and_read_however_they_are_typed() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let codes = recovery_codes(&mut rng);
        assert_eq!(codes.len(), RECOVERY_CODES);
        let distinct: std::collections::BTreeSet<_> = codes.iter().map(|code| code.as_str()).collect();
        assert_eq!(distinct.len(), RECOVERY_CODES);
        assert_eq!(normal(" abcd-efgh 2345 jklm "), "ABCDEFGH2345JKLM");
        assert!(is_of_application("012345") && !is_of_application("ABCDEF") && !is_of_application("01234"));
    }
}
