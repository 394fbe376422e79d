/** A rule file with everything that does not matter filled in. */
export function rule(
  on: string | readonly string[],
  actions: readonly object[],
  more: Readonly<Record<string, unknown>> = {},
): object {
  return { description: 'A rule of a test.', on, actions, ...more };
}

/** Tells the webhook receiver, in one text. */
export function tell(text: string): object {
  return { type: 'webhook', params: { to: 'receiver', body: text } };
}

/** A condition: the fact at the path equals the value. */
export function where(
  fact: string,
  path: string,
  value: unknown,
  operator = 'equal',
): { readonly conditions: object } {
  return { conditions: { all: [{ fact, path, operator, value }] } };
}
