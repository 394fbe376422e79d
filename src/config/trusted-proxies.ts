import { isIP } from 'node:net';

const LOOPBACK = 'loopback';

/** The entries of a list such as `loopback, 10.0.0.0/8`; none when it is empty. */
export function proxyList(text: string): string[] {
  return text === '' ? [] : text.split(',').map((entry) => entry.trim());
}

/** Whether each entry is an address, a network that is not every address, or `loopback`. */
export function areProxies(text: string): boolean {
  return proxyList(text).every((entry) => entry === LOOPBACK || isAddressOrNetwork(entry));
}

function isAddressOrNetwork(entry: string): boolean {
  const [address = '', prefix, ...more] = entry.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
}
