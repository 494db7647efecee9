//! A signed token (JWS, compact form), taken apart. Nothing in it is read before its signature is verified, except
//! which key signed it.
//!
//! Written here: the crates for it read the system's clock or bring a second cryptography, and without both, little is
//! left of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::error::Flaw;
use super::keys::{Algorithm, Keys};

pub(super) struct Jws<'a> {
    pub kid: String,
    /// Header and payload, as they were signed.
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl<'a> Jws<'a> {
    pub fn read(token: &'a str, algorithm: Algorithm) -> Result<Self, Flaw> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Flaw::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(Flaw::Shape)?;
        let header: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| Flaw::Shape)?;
        if header.alg != algorithm.name() {
            return Err(Flaw::Algorithm);
        }
        // None of its extensions is known here.
        if header.crit.is_some() {
            return Err(Flaw::Critical);
        }
        Ok(Self { kid: header.kid.ok_or(Flaw::Key)?, signed, payload, signature: decoded(signature)? })
    }

    /// The claims, if one of these keys signed them.
    pub fn verify(&self, keys: &Keys) -> Result<Map<String, Value>, Flaw> {
        keys.verify(&self.kid, self.signed.as_bytes(), &self.signature)?;
        serde_json::from_slice(&decoded(self.payload)?).map_err(|_| Flaw::Shape)
    }
}

fn decoded(text: &str) -> Result<Vec<u8>, Flaw> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Flaw::Shape)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// RFC 7515, appendix A.2 and A.3, and their payload.
    const PAYLOAD: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const ES256: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    const RS256: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

    fn keys(algorithm: Algorithm) -> Keys {
        let set = json!({ "keys": [
            { "kid": "a", "kty": "RSA", "n": N, "e": "AQAB" },
            { "kid": "a", "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
              "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" },
            { "kid": "b", "kty": "oct" },
            { "kty": "EC" },
        ]});
        Keys::read(set.to_string().as_bytes(), algorithm).unwrap()
    }

    #[test]
    fn the_signatures_of_the_standard_hold_and_no_other_does() {
        for (algorithm, signature) in [(Algorithm::Es256, ES256), (Algorithm::Rs256, RS256)] {
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{}"}}"#, algorithm.name()));
            let signed = format!("{header}.{PAYLOAD}");
            let mut bytes = decoded(signature).unwrap();
            assert_eq!(keys(algorithm).verify("a", signed.as_bytes(), &bytes), Ok(()));
            assert_eq!(keys(algorithm).verify("b", signed.as_bytes(), &bytes), Err(Flaw::Key));
            bytes[20] ^= 1;
            assert_eq!(keys(algorithm).verify("a", signed.as_bytes(), &bytes), Err(Flaw::Signature));
            assert_eq!(keys(algorithm).verify("a", signed.as_bytes(), &[]), Err(Flaw::Signature));
        }
    }

    #[test]
    fn what_is_no_token_is_not_taken_apart() {
        let header = |header: &str| format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header));
        for (token, flaw) in [
            (String::new(), Flaw::Shape),
            ("a.b".to_owned(), Flaw::Shape),
            (header("{}"), Flaw::Shape),
            (header(r#"{"alg":"ES256","alg":"none"}"#), Flaw::Shape),
            (header(r#"{"alg":"es256","kid":"a"}"#), Flaw::Algorithm),
            (header(r#"{"alg":"ES256"}"#), Flaw::Key),
            (header(r#"{"alg":"ES256","kid":"a","crit":["b64"],"b64":false}"#), Flaw::Critical),
            (format!("{}=", header(r#"{"alg":"ES256","kid":"a"}"#)), Flaw::Shape),
        ] {
            assert_eq!(Jws::read(&token, Algorithm::Es256).err(), Some(flaw), "{token}");
        }
        let four_parts = format!("{}.AA", header(r#"{"alg":"ES256","kid":"a"}"#));
        let jws = Jws::read(&four_parts, Algorithm::Es256).unwrap();
        assert_eq!(jws.verify(&keys(Algorithm::Es256)).err(), Some(Flaw::Signature));
    }
}
