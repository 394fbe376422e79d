import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { boundedText } from './bounded-text.js';

const FETCH_MS = 5_000;
const MAX_ANSWER_BYTES = 16 * 1024;
/** Anybody can post a probe: what that makes us fetch is bounded. */
const MOST_A_MINUTE = 5;
const MINUTE_MS = 60_000;

/**
 * Confirms a registration by opening the URL that Adobe posted. Sends no credentials and follows no redirect, so whoever
 * made the probe up gains a GET of Adobe's own host and nothing more.
 */
@Injectable()
export class RegistrationConfirmer implements OnApplicationShutdown {
  private readonly log = new Logger('Registration');
  private readonly agent = new Agent({ connections: 1, connectTimeout: FETCH_MS, maxHeaderSize: 16 * 1024 });
  private underWay = false;
  /** When those of the last minute began, on the process's own clock. */
  private recent: readonly number[] = [];

  /**
   * Begins and does not wait: the answer to the POST must not depend on it. `url`: one that
   * `readValidationProbe` found to be Adobe's.
   *
   * @returns false when there are too many, and a person has to open the URL
   */
  begin(source: string, url: string): boolean {
    const now = performance.now();
    this.recent = this.recent.filter((began) => now - began < MINUTE_MS);
    if (this.underWay || this.recent.length >= MOST_A_MINUTE) return false;
    this.recent = [...this.recent, now];
    this.underWay = true;
    void this.confirm(source, url).finally(() => {
      this.underWay = false;
    });
    return true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async confirm(source: string, url: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(FETCH_MS);
      const { statusCode, body } = await request(url, { dispatcher: this.agent, signal });
      await boundedText(body, MAX_ANSWER_BYTES);
      if (statusCode >= 200 && statusCode < 300)
        this.log.log(`The registration of source ${source} is confirmed: Adobe answered ${statusCode}.`);
      else this.notConfirmed(source, url, `Adobe answered ${statusCode}`);
    } catch (error) {
      this.notConfirmed(source, url, String(error));
    }
  }

  private notConfirmed(source: string, url: string, reason: string): void {
    this.log.warn(
      `The registration of source ${source} is not confirmed: ${reason}. Open within 5 minutes: ${url}`,
    );
  }
}
