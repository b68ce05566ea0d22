//! Tokens that anybody can make up, and tokens that an issuer can sign.

use std::time::{Duration, SystemTime};

use accord_runtime::auth::{Keys, Verified, Verifier};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::Value;

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";

/// An input of two lines is a header and claims, which the issuer signs: if the token is accepted, it follows every rule. An
/// input of one line is an unsigned token, a public key or a key set.
pub fn tokens(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let verifier = Verifier::new(Keys::secret(SECRET)).issuers(["accord".to_owned()]).audiences(["chat".to_owned()]);
    let Some((header, claims)) = text.split_once('\n') else {
        Keys::pem(text).ok();
        Keys::jwks(text).ok();
        assert!(verifier.verify(text).is_err(), "nobody has signed it");
        return;
    };
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let key = EncodingKey::from_secret(SECRET);
    let signature = crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).expect("HMAC signs anything");
    if let Ok(verified) = verifier.verify(&format!("{signed}.{signature}")) {
        check(header, claims, &verified);
    }
}

fn check(header: &str, claims: &str, Verified { identity, expires, issued }: &Verified) {
    let [header, claims]: [Value; 2] = [header, claims].map(|text| serde_json::from_str(text).expect("it is JSON"));
    assert_eq!(header["alg"], "HS256");
    assert!(header.get("crit").is_none_or(Value::is_null), "what it demands is not known");
    assert_eq!(claims["iss"], "accord");
    let is_ours = |audience: &Value| audience == "chat";
    assert!(is_ours(&claims["aud"]) || claims["aud"].as_array().is_some_and(|all| all.iter().any(is_ours)));
    let seconds =
        |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64();
    let now = seconds(SystemTime::now());
    assert!(claims["exp"].as_f64().is_some_and(|exp| exp >= now - 1.0 && (exp - seconds(*expires)).abs() < 1.0));
    let is_meant =
        |issued: SystemTime| claims["iat"].as_f64().is_some_and(|iat| (iat.max(0.0) - seconds(issued)).abs() < 1.0);
    assert!(issued.is_none_or(is_meant));
    assert!(claims["nbf"].is_null() || claims["nbf"].as_f64().is_some_and(|begins| begins <= now + 6.0));
    let named = if claims["id"].is_null() { &claims["sub"] } else { &claims["id"] };
    assert_eq!(named, &identity.id);
    for (text, longest) in [(&identity.id, 128), (&identity.name, 200)] {
        assert!((1..=longest).contains(&text.chars().count()) && !text.contains(char::is_control), "{text:?}");
    }
    assert!(!identity.admin || claims["admin"] == true);
}
