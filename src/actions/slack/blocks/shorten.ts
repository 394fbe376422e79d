import { cut } from '../../../contracts/cut.js';

/** Cuts a text to `longest` characters, an ellipsis among them; neither half a character nor half an entity is left. */
export function shorten(text: string, longest: number): string {
  return `${cut(text, longest - 1).replace(/&[a-z]{0,3}$/, '')}…`;
}
