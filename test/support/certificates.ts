import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const HOUR_MS = 3_600_000;
const ECDSA_SHA256 = der(0x30, oid('2a8648ce3d040302'));
const COMMON_NAME = oid('550403');
const BASIC_CONSTRAINTS = oid('551d13');
const ALTERNATIVE_NAMES = oid('551d11');
const TRUE = der(0x01, Buffer.from([0xff]));

/** An authority that certifies others for the hour, since node:crypto reads certificates and makes none (RFC 5280). */
export class Authority implements Identity {
  private readonly keys = newKeys();
  readonly key = pemOf(this.keys.privateKey);
  readonly cert: string;

  constructor(private readonly name: string) {
    const isAuthority = der(0x30, BASIC_CONSTRAINTS, TRUE, der(0x04, der(0x30, TRUE)));
    this.cert = this.certify(name, this.keys.publicKey, isAuthority);
  }

  /** Good as a server on loopback and as a client. */
  issue(name: string): Identity {
    const keys = newKeys();
    const host = der(0x82, Buffer.from('localhost'));
    const address = der(0x87, Buffer.from([127, 0, 0, 1]));
    const names = der(0x30, ALTERNATIVE_NAMES, der(0x04, der(0x30, host, address)));
    return { cert: this.certify(name, keys.publicKey, names), key: pemOf(keys.privateKey) };
  }

  private certify(subject: string, publicKey: KeyObject, extension: Buffer): string {
    const now = Date.now();
    const certified = der(
      0x30,
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.from([1]), randomBytes(8)),
      ECDSA_SHA256,
      nameOf(this.name),
      der(0x30, timeOf(now - HOUR_MS), timeOf(now + HOUR_MS)),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, der(0x30, extension)),
    );
    const signature = sign('sha256', certified, this.keys.privateKey);
    const whole = der(0x30, certified, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
    const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  }
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function nameOf(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

/** `YYMMDDhhmmssZ`. */
function timeOf(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** Tag, length and value (X.690, 8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length =
    value.length < 128
      ? Buffer.from([value.length])
      : Buffer.from([0x82, value.length >> 8, value.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, value]);
}
