const WAIT_MS = 1_000;

/**
 * What was asked for, or undefined when it failed or took longer than a second: whoever reads the metrics must get the
 * rest of them also while Redis is away.
 */
export async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS, undefined);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
