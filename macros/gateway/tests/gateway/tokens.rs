//! Keys and algorithms. The keys beside this file are made for these tests, and are used nowhere else.

use accord_runtime::auth::{KeyError, Keys, Refused, Verifier};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    jwk::{Jwk, JwkSet},
};
use serde_json::{Value, json};

use crate::client::{SECRET, now};

const RSA: (&str, &str) = (include_str!("keys/rsa.private.pem"), include_str!("keys/rsa.public.pem"));
const EC: (&str, &str) = (include_str!("keys/ec.private.pem"), include_str!("keys/ec.public.pem"));
const ED: (&str, &str) = (include_str!("keys/ed.private.pem"), include_str!("keys/ed.public.pem"));

fn private(algorithm: Algorithm) -> EncodingKey {
    match algorithm {
        Algorithm::RS256 | Algorithm::RS384 | Algorithm::PS256 => EncodingKey::from_rsa_pem(RSA.0.as_bytes()).unwrap(),
        Algorithm::ES256 => EncodingKey::from_ec_pem(EC.0.as_bytes()).unwrap(),
        Algorithm::EdDSA => EncodingKey::from_ed_pem(ED.0.as_bytes()).unwrap(),
        _ => EncodingKey::from_secret(SECRET),
    }
}

fn claims() -> Value {
    json!({ "sub": "alice", "exp": now() + 60.0 })
}

fn signed(header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &private(header.alg)).unwrap()
}

fn user(verifier: &Verifier, token: &str) -> Option<String> {
    verifier.verify(token).ok().map(|verified| verified.identity.id.clone())
}

fn public(algorithm: Algorithm, pem: &str, id: Option<&str>) -> Jwk {
    let key = match algorithm {
        Algorithm::RS256 => DecodingKey::from_rsa_pem(pem.as_bytes()),
        Algorithm::ES256 => DecodingKey::from_ec_pem(pem.as_bytes()),
        _ => DecodingKey::from_ed_pem(pem.as_bytes()),
    };
    let mut jwk = Jwk::from_decoding_key(&key.unwrap(), None).unwrap();
    jwk.common.key_id = id.map(str::to_owned);
    jwk
}

#[test]
fn sec_08_each_key_verifies_only_its_own_algorithm() {
    let algorithms = [
        Algorithm::HS256,
        Algorithm::HS384,
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::PS256,
        Algorithm::ES256,
        Algorithm::EdDSA,
    ];
    let keys = [
        (Algorithm::HS256, Keys::secret(SECRET)),
        (Algorithm::RS256, Keys::pem(RSA.1).unwrap()),
        (Algorithm::ES256, Keys::pem(EC.1).unwrap()),
        (Algorithm::EdDSA, Keys::pem(ED.1).unwrap()),
    ];
    for (own, keys) in keys {
        let verifier = Verifier::new(keys);
        for algorithm in algorithms {
            let accepted = user(&verifier, &signed(&Header::new(algorithm), &claims())).is_some();
            assert_eq!(accepted, algorithm == own, "a key for {own:?}, a token of {algorithm:?}");
        }
    }
}

#[test]
fn sec_08_a_public_key_is_not_used_as_a_secret() {
    for pem in [RSA.1, EC.1, ED.1] {
        let verifier = Verifier::new(Keys::pem(pem).unwrap());
        for secret in [pem.as_bytes(), pem.trim().as_bytes()] {
            let token = jsonwebtoken::encode(&Header::default(), &claims(), &EncodingKey::from_secret(secret)).unwrap();
            assert!(matches!(verifier.verify(&token), Err(Refused::NoKey(Algorithm::HS256))));
        }
    }
}

#[test]
fn sec_09_keys_in_a_token_are_ignored() {
    let verifier = Verifier::new(Keys::secret(SECRET));
    let pointing = |header: Header| Header {
        jku: Some("https://evil.example.com/keys".to_owned()),
        x5u: Some("https://evil.example.com/certificate".to_owned()),
        jwk: Some(public(Algorithm::RS256, RSA.1, None)),
        ..header
    };
    assert_eq!(user(&verifier, &signed(&pointing(Header::default()), &claims())).as_deref(), Some("alice"));
    assert_eq!(user(&verifier, &signed(&pointing(Header::new(Algorithm::RS256)), &claims())), None);
    let critical = Header { crit: Some(vec!["exp".to_owned()]), ..Header::default() };
    assert!(matches!(verifier.verify(&signed(&critical, &claims())), Err(Refused::Critical)));
}

#[test]
fn sec_11_issuer_and_audience_are_enforced_where_configured() {
    let free = Verifier::new(Keys::secret(SECRET));
    let bound = free.clone().issuers(["https://id.example.com".to_owned()]).audiences(["chat".to_owned()]);
    assert_eq!((free.is_bound(), bound.is_bound()), ((false, false), (true, true)));
    let cases = [
        (json!("https://id.example.com"), json!("chat"), true),
        (json!("https://id.example.com"), json!(["other", "chat"]), true),
        (json!("https://id.example.com"), json!("other"), false),
        (json!("https://id.example.com"), json!(null), false),
        (json!("https://id.example.com"), json!(7), false),
        (json!("https://evil.example.com"), json!("chat"), false),
        (json!(["https://id.example.com"]), json!("chat"), false),
        (json!(["https://evil.example.com", "https://id.example.com"]), json!("chat"), false),
        (json!(null), json!("chat"), false),
        (json!(7), json!("chat"), false),
    ];
    for (issuer, audience, accepted) in cases {
        let claims = json!({ "sub": "alice", "exp": now() + 60.0, "iss": issuer, "aud": audience });
        let token = signed(&Header::default(), &claims);
        assert_eq!(user(&bound, &token).is_some(), accepted, "{claims}");
        assert!(user(&free, &token).is_some(), "{claims}");
    }
}

#[test]
fn a_key_set_is_searched_by_key_id_and_replaced_while_in_use() {
    let set = |keys: Vec<Jwk>| serde_json::to_string(&JwkSet { keys }).unwrap();
    let rsa = public(Algorithm::RS256, RSA.1, Some("a"));
    let ec = public(Algorithm::ES256, EC.1, Some("b"));
    let ed = public(Algorithm::EdDSA, ED.1, None);
    let verifier = Verifier::new(Keys::jwks(&set(vec![rsa.clone(), ed])).unwrap());
    let token = |algorithm, id: Option<&str>| {
        signed(&Header { kid: id.map(str::to_owned), ..Header::new(algorithm) }, &claims())
    };
    let accepted = |algorithm, id| user(&verifier, &token(algorithm, id)).is_some();
    assert!(accepted(Algorithm::RS256, Some("a")) && accepted(Algorithm::RS256, None));
    assert!(!accepted(Algorithm::RS256, Some("b")));
    assert!(accepted(Algorithm::EdDSA, Some("whatever")), "a key without an id is for every id");
    assert!(!accepted(Algorithm::ES256, Some("b")));
    verifier.clone().replace(Keys::jwks(&set(vec![ec])).unwrap());
    assert!(accepted(Algorithm::ES256, Some("b")) && !accepted(Algorithm::RS256, Some("a")));
    let secret = Jwk::from_encoding_key(&EncodingKey::from_secret(SECRET), Algorithm::HS256).unwrap();
    assert!(matches!(Keys::jwks(&set(vec![secret])), Err(KeyError::Unsupported)), "a published secret is none");
}

#[test]
fn an_invalid_key_is_refused_when_it_is_configured() {
    for text in ["", "secret", RSA.0, EC.0, ED.0, include_str!("keys/ec384.public.pem")] {
        assert!(matches!(Keys::pem(text), Err(KeyError::Pem)), "{text}");
    }
    assert!(matches!(Keys::jwks("{}"), Err(KeyError::Set(_))));
    assert!(matches!(Keys::jwks(r#"{"keys":[]}"#), Err(KeyError::Unsupported)));
}
