// A way to a controller that a test closes, blocks and opens, or leads to another one: what the browser's own "offline"
// does not reach (the service worker, connections that hang) goes through it as well.
import net from 'node:net';

export async function way(url) {
  const open = new Set(), asked = [];
  let state = 'open', to = new URL(url);
  const cut = () => { for (const socket of open) socket.destroy(); };
  const server = net.createServer((near) => {
    open.add(near);
    near.on('error', () => {}).on('close', () => open.delete(near));
    if (state === 'closed') return near.destroy();
    if (state === 'blocked') return near.resume(); /* taken, and never answered */
    const far = net.connect(Number(to.port), to.hostname);
    open.add(far);
    for (const [from, other] of [[near, far], [far, near]]) from.on('error', () => {}).on('close', () => { open.delete(from); other.destroy(); });
    near.on('data', (bytes) => { for (const [, path] of bytes.toString('latin1').matchAll(/^GET (\S+) HTTP/gm)) asked.push(path); });
    near.pipe(far).pipe(near);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const turn = (next) => () => { state = next; cut(); };
  return {
    url: `http://127.0.0.1:${server.address().port}/`, asked, close: turn('closed'), block: turn('blocked'), open: turn('open'),
    lead: (other) => { to = new URL(other); cut(); },
    end: () => { server.close(); cut(); },
  };
}
