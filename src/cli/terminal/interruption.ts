const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Makes the first Ctrl-C a wish to end, which the work under way follows when it is consistent; the second kills. */
export function interruption(): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
    end();
  };
  const end = (): void => {
    for (const name of SIGNALS) process.off(name, abort);
  };
  for (const name of SIGNALS) process.on(name, abort);
  return { signal: controller.signal, end };
}
