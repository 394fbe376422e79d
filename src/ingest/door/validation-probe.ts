const MAX_PROBE_BYTES = 4_096;
const MAX_SHOWN = 512;
const PATH = '/csm/registrations/validate';

/** The unsigned POST by which Adobe asks for a confirmation. */
export interface ValidationProbe {
  /** Where it is confirmed; undefined when the URL is not one of Adobe's, and then it is not shown. */
  readonly confirmAt: string | undefined;
}

/**
 * The probe in an unsigned body, if it is one: `{ "validationUrl": … }` and nothing else. `origin`: the one host where a
 * registration is confirmed.
 */
export function readValidationProbe(body: Buffer, origin: string): ValidationProbe | undefined {
  if (body.length > MAX_PROBE_BYTES) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || Object.keys(parsed).length !== 1) return undefined;
    if (!('validationUrl' in parsed) || typeof parsed.validationUrl !== 'string') return undefined;
    return { confirmAt: confirmationUrl(parsed.validationUrl, origin) };
  } catch {
    return undefined;
  }
}

function confirmationUrl(text: string, allowed: string): string | undefined {
  if (!URL.canParse(text) || !URL.canParse(allowed)) return undefined;
  const { origin, username, password, pathname, search, hash, href } = new URL(text);
  if (origin !== new URL(allowed).origin || pathname !== PATH) return undefined;
  const isBare = username === '' && password === '' && hash === '';
  return isBare && search.length > 1 && href.length <= MAX_SHOWN ? href : undefined;
}
