import type { AdobeSource, ImsCredentials } from '../../contracts/connections.js';

/** Who asks Adobe. */
export interface AdobeAccount {
  readonly clientId: string;
  readonly ims: ImsCredentials;
}

/** Undefined for a source that has no credential to ask with. */
export function accountOf({ clientId, ims }: AdobeSource): AdobeAccount | undefined {
  return ims === undefined ? undefined : { clientId, ims };
}
