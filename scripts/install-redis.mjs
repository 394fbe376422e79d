import { spawnSync } from 'node:child_process';

/**
 * Debian starts a service on installing it, and we want only the program: for the while of the installation its own
 * switch against that (policy-rc.d) is set, and the service is kept from starting with the machine.
 */
const APT = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends redis-server || exit 1
if command -v systemctl >/dev/null 2>&1; then systemctl disable redis-server >/dev/null 2>&1; fi
exit 0
`;

/** In this order of trust. `asRoot`: the manager wants root. */
const MANAGERS = [
  { name: 'apt-get', asRoot: true, script: APT, byHand: 'apt-get install redis-server' },
  { name: 'apk', asRoot: true, script: 'apk add --no-cache redis', byHand: 'apk add redis' },
  {
    name: 'dnf',
    asRoot: true,
    script: 'dnf install -y valkey || dnf install -y redis',
    byHand: 'dnf install valkey',
  },
  { name: 'brew', asRoot: false, script: 'brew install redis', byHand: 'brew install redis' },
];

/** Installs a Redis server by the platform's package manager; throws an `Error` that says what to run when it cannot. */
export function installRedis(hasRedis) {
  const manager = MANAGERS.find(({ name }) => sh(`command -v ${name}`, 'ignore'));
  if (manager === undefined) {
    throw new Error(
      'Signalman needs redis-server or valkey-server: install one, or set REDIS_URL to a Redis that runs already.',
    );
  }
  const prefix = !manager.asRoot || process.getuid?.() === 0 ? '' : 'sudo -n ';
  const allowed = prefix === '' || sh('sudo -n true', 'ignore');
  if (allowed) {
    console.log(`Installing a Redis server (${manager.byHand}) …`);
    spawnSync('/bin/sh', ['-c', `${prefix}/bin/sh -c "$1"`, 'install', manager.script], { stdio: 'inherit' });
    if (hasRedis()) return;
  }
  const command = manager.asRoot ? `sudo ${manager.byHand}` : manager.byHand;
  throw new Error(
    `Signalman needs redis-server or valkey-server: run \`${command}\`, or set REDIS_URL to a Redis that runs already.`,
  );
}

function sh(script, stdio) {
  return spawnSync('/bin/sh', ['-c', script], { stdio }).status === 0;
}
