// Connecting: the token, and the greeting.
import jwt from 'jsonwebtoken';

/** The seconds by which clocks may differ. */
const LEEWAY = 5;

/** Middleware that admits whoever has a token, and notes down who that is. */
export const authenticator = (secret, store) => (socket, next) => {
  const token = socket.handshake.auth.token ?? socket.handshake.query.token;
  if (!token) return next(new Error('Authentication token required'));
  let claims;
  try {
    claims = jwt.verify(token, secret, { algorithms: ['HS256'], clockTolerance: LEEWAY });
  } catch {
    return next(new Error('Authentication failed'));
  }
  const id = claims.id ?? claims.sub;
  if (typeof id !== 'string' || typeof claims.exp !== 'number') return next(new Error('Authentication failed'));
  socket.data.user = { id, name: claims.name ?? id, image: claims.image ?? null };
  socket.data.expiresAt = new Date(claims.exp * 1000).toISOString();
  store.putUser(socket.data.user);
  next();
};

export function greet(socket) {
  const { user, expiresAt } = socket.data;
  socket.emit('authenticated', { userId: user.id, user, protocol: { name: 'chat', version: '1.2.0' }, expiresAt });
}
