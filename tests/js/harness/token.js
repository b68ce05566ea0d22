// JSON Web Tokens (RFC 7519), made here so that the server's own code has no part in judging itself.
import { createHmac, sign as signWithKey } from 'node:crypto';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A token with any header and claims. It is signed with HS256, even if the header names another algorithm. */
export function forge(header, claims, secret) {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A token signed with a private key. */
export function signAsymmetric(header, claims, key) {
  const signed = `${encode(header)}.${encode(claims)}`;
  const hash = header.alg === 'EdDSA' ? null : 'sha256';
  return `${signed}.${signWithKey(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** The public half of a key pair, as PEM. */
export const pem = ({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' });

/** The public half of a key pair, as a JSON Web Key. */
export const jwk = ({ publicKey }, kid, alg) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });

/** A token without a signature. */
export const unsigned = (header, claims) => `${encode(header)}.${encode(claims)}.`;

/** A token of `claims` that lasts an hour, unless the claims say otherwise. */
export const mint = (claims, secret) =>
  forge({ alg: 'HS256', typ: 'JWT' }, { exp: nowSeconds() + 3600, ...claims }, secret);
