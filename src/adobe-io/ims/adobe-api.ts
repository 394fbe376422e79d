import { Injectable } from '@nestjs/common';
import { AdobeHttp, type Answer, type Question } from '../http/adobe-http.js';
import type { AdobeAccount } from './adobe-account.js';
import { ImsTokens } from './ims-tokens.js';

/** What asking takes, without what the account gives. */
type Wanted = Pick<Question, 'service' | 'url' | 'timeoutMs' | 'maxBytes'>;

/** GETs Adobe's APIs in the name of an account. */
@Injectable()
export class AdobeApi {
  constructor(
    private readonly http: AdobeHttp,
    private readonly tokens: ImsTokens,
  ) {}

  /** Any status is an answer; a token that is refused is renewed once. Throws a `Failure` when there is no answer. */
  async get(account: AdobeAccount, wanted: Wanted): Promise<Answer> {
    const token = await this.tokens.get(account);
    const answer = await this.send(account, wanted, token);
    if (answer.status !== 401) return answer;
    return await this.send(account, wanted, await this.tokens.get(account, token));
  }

  private async send({ clientId, ims }: AdobeAccount, wanted: Wanted, token: string): Promise<Answer> {
    return await this.http.ask({
      ...wanted,
      method: 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        'x-api-key': clientId,
        'x-ims-org-id': ims.orgId,
        accept: 'application/vnd.adobecloud.events+json, application/json',
      },
    });
  }
}
