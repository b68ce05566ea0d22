'use strict';
(() => {
  const token = new URLSearchParams(location.search).get('token') ?? '';

  const claims = (jwt) => {
    try {
      const base64 = jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
      return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))));
    } catch {
      return null;
    }
  };

  const fill = (channel) => {
    for (const code of document.querySelectorAll('[data-fill]')) {
      code.dataset.fill ||= code.textContent;
      code.textContent = code.dataset.fill
        .replaceAll('{origin}', location.origin)
        .replaceAll('{channel}', channel.replace(/['\\]/g, '\\$&'))
        .replaceAll('{channelInUrl}', encodeURIComponent(channel).replaceAll("'", '%27'))
        .replaceAll('{token}', /^[\w.-]+$/.test(token) ? token : 'YOUR_TOKEN');
    }
  };

  const introduce = () => {
    const who = document.getElementById('who');
    const owner = claims(token);
    if (!token) return;
    document.getElementById('mint').hidden = Boolean(owner);
    if (!owner) {
      who.textContent = 'The token in the address of this page is not a JWT. Make one with';
      return;
    }
    const until = new Date(owner.exp * 1000);
    who.textContent =
      until > new Date()
        ? `The commands below are those of ${owner.name ?? owner.id ?? owner.sub}. Your token is valid until ${until.toLocaleString()}.`
        : `Your token expired at ${until.toLocaleString()}. Start the demo again for new ones, or make one with accord-server token.`;
  };

  const copyable = (figure) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(figure.querySelector('code').textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(figure.querySelector('code'));
        button.textContent = 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
    figure.append(button);
  };

  fill('general');
  introduce();
  document.querySelectorAll('figure').forEach(copyable);

  fetch('/readyz')
    .then((answer) => answer.ok, () => false)
    .then((ready) => document.getElementById('ready').classList.add(ready ? 'good' : 'bad'));

  if (token) {
    fetch('/api/channels', { headers: { Authorization: `Bearer ${token}` } })
      .then((answer) => (answer.ok ? answer.json() : { data: [] }))
      .then(({ data }) => data.reduce((most, next) => (next.members.length > (most?.members.length ?? 0) ? next : most), null))
      .then((channel) => { if (channel) fill(channel.id); })
      .catch(() => {});
  }
})();
