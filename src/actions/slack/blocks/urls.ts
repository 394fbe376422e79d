/** `http`: https is good too. */
export type UrlForm = 'http' | 'https';

export const WHAT_URL: Readonly<Record<UrlForm, string>> = {
  http: 'a URL that begins with http:// or https://',
  https: 'a URL that begins with https://',
};

export function isUrl(text: string, form: UrlForm): boolean {
  const scheme = form === 'https' ? /^https:\/\// : /^https?:\/\//;
  return scheme.test(text) && !/\s/.test(text) && URL.canParse(text);
}
