import { isJsonObject } from '../contracts/json.js';
import { parseSigned } from '../contracts/placeholders.js';
import type { Members } from './shape.js';

/** What is wrong with members of a connection that are right each by itself. */
export interface CrossProblem {
  /** Path inside the connection; of the connection itself when empty. */
  readonly at: readonly string[];
  readonly sentence: string;
}

/** @param source as it stands in the file, so that a secret that cannot be had is no second problem */
export function crossCheckSource(source: Members): CrossProblem[] {
  switch (source['kind']) {
    case 'adobe':
      return checkAdobe(source);
    case 'marketo':
      return checkCredentials(source, ['token', 'oauth'], true);
    case 'events':
      return checkCredentials(source, ['apiKey'], false);
    case 'webhook':
      return [...checkCredentials(source, ['verify'], true), ...checkHmac(source['verify'])];
    default:
      return [];
  }
}

/** @param destination as it stands in the file, like a source */
export function crossCheckDestination(destination: Members): CrossProblem[] {
  if (destination['kind'] !== 'webhook') return [];
  if (!('secrets' in destination)) {
    if ('secret' in destination) return [];
    const sentence = 'it is missing: give the Standard Webhooks secret that requests are signed with';
    return [{ at: ['secret'], sentence }];
  }
  if (!('secret' in destination)) return [];
  return [{ at: ['secrets'], sentence: 'give secret or secrets, not both' }];
}

function checkAdobe(source: Members): CrossProblem[] {
  const problems: CrossProblem[] = [];
  const asking = ['journal', 'registrationUrl'].filter((name) => name in source);
  if (asking.length > 0 && !('ims' in source)) {
    const sentence = `it is missing: ${asking.join(' and ')} cannot be read without it: give orgId, clientSecret and scope of the credential`;
    problems.push({ at: ['ims'], sentence });
  }
  if (source['webhook'] === false && !('journal' in source)) {
    const sentence = 'it is missing: "webhook": false leaves no other way in: give the url of the journal';
    problems.push({ at: ['journal'], sentence });
  }
  return problems;
}

/** One of `names` is there, or `"insecure": true`, and never both. */
function checkCredentials(source: Members, names: readonly string[], needed: boolean): CrossProblem[] {
  const given = names.filter((name) => name in source);
  const [first, second] = given;
  if (second !== undefined) return [{ at: [second], sentence: `give ${given.join(' or ')}, not both` }];
  if (source['insecure'] === true) {
    if (first === undefined) return [];
    const sentence = `"insecure": true takes deliveries of anybody: leave it out, or leave ${first} out`;
    return [{ at: ['insecure'], sentence }];
  }
  if (first !== undefined || !needed) return [];
  return [
    { at: [], sentence: `give ${names.join(' or ')}, or "insecure": true to take deliveries of anybody` },
  ];
}

/** A signature that leaves out the body, or the time that is looked at, proves nothing of it. */
function checkHmac(verify: unknown): CrossProblem[] {
  if (!isJsonObject(verify) || verify['scheme'] !== 'hmac') return [];
  const { signed = '{body}', timestampHeader } = verify;
  const template = typeof signed === 'string' ? parseSigned(signed) : { problem: 'no text' };
  if ('problem' in template) return [];
  const at = ['verify', 'signed'];
  if (!template.pieces.some((piece) => 'rawBody' in piece))
    return [{ at, sentence: 'the body is not signed: put {body} where it stands' }];
  if (typeof timestampHeader !== 'string') return [];
  const name = timestampHeader.toLowerCase();
  if (template.pieces.some((piece) => 'header' in piece && piece.header === name)) return [];
  return [
    {
      at,
      sentence: `the time is not signed: put {header.${name}} where it stands, or leave timestampHeader out`,
    },
  ];
}
