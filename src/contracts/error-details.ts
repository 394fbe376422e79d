import { isJsonObject } from './json.js';

/** Message and code of something caught. Looks at its members, for errors may come from another realm. */
export function errorDetails(error: unknown): { readonly message: string; readonly code?: string } {
  if (!isJsonObject(error)) return { message: String(error) };
  const { message, code } = error;
  return {
    message: typeof message === 'string' ? message : 'unknown reason',
    ...(typeof code === 'string' ? { code } : {}),
  };
}
