import { createPrivateKey, X509Certificate } from 'node:crypto';
import { IsOptional, ValidateBy, type ValidationArguments, ValidateIf } from 'class-validator';
import { checked } from '../custom-check.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const Certificates = (what: string): PropertyDecorator =>
  checked('certificates', areCertificates, () => `${what} as PEM, such as { "file": "./secrets/that.pem" }`);

// A message completes the sentence "give …".

/** The certificate that we show to a server, and whose certificates we trust. */
export class ClientTlsDto {
  @ValidateIf((tls: ClientTlsDto) => tls.key !== undefined)
  @Certificates('the certificate that we show')
  cert?: string;

  @ValidateIf((tls: ClientTlsDto) => tls.cert !== undefined)
  @ValidateBy(
    { name: 'privateKey', validator: { validate: fits } },
    { message: 'the private key of the certificate as PEM, without a passphrase' },
  )
  key?: string;

  @IsOptional()
  @Certificates('the certificates of the authorities that the server is trusted by')
  ca?: string;
}

function areCertificates(text: string): boolean {
  const found = text.match(CERTIFICATE) ?? [];
  return found.length > 0 && found.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
}

/** The key of the first certificate; those behind it lead to its authority. */
function fits(key: unknown, args?: ValidationArguments): boolean {
  const { cert } = (args?.object ?? {}) as ClientTlsDto;
  if (typeof key !== 'string') return false;
  try {
    return (
      cert === undefined ||
      !areCertificates(cert) ||
      new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    return false;
  }
}
