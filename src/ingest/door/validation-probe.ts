const MAX_PROBE_BYTES = 4_096;
const MAX_SHOWN = 512;

/** The unsigned POST by which Adobe asks for a confirmation by hand. */
export interface ValidationProbe {
  /** Where the operator confirms; undefined when the URL is not one of Adobe's, and then it is not shown. */
  readonly confirmAt: string | undefined;
}

/** The probe in an unsigned body, if it is one: `{ "validationUrl": … }` and nothing else. */
export function readValidationProbe(body: Buffer): ValidationProbe | undefined {
  if (body.length > MAX_PROBE_BYTES) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || Object.keys(parsed).length !== 1) return undefined;
    if (!('validationUrl' in parsed) || typeof parsed.validationUrl !== 'string') return undefined;
    return { confirmAt: confirmationUrl(parsed.validationUrl) };
  } catch {
    return undefined;
  }
}

function confirmationUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, username, password, pathname, href } = new URL(text);
  const isAdobe = origin === 'https://csm.adobe.io' && username === '' && password === '';
  return isAdobe && pathname === '/csm/registrations/validate' && href.length <= MAX_SHOWN ? href : undefined;
}
