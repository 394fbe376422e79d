import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Agent } from 'undici';
import type { IntrospectionCheck, JwtCheck, MarketoPushSource } from '../../contracts/connections.js';
import { SeldomLog } from '../../observability/seldom-log.js';
import { CredentialCheck } from './credential-check.js';
import { unauthorized, unavailable } from './door-error.js';
import { IntrospectedTokens } from './push-auth-introspection.js';
import { JwtTokens } from './push-auth-jwt.js';
import type { TokenCheck, TokenVerdict } from './push-auth-verdict.js';
import { bearerToken, sameSecret } from '../../access/secrets.js';

/** Longer than any token that fits beside other headers. */
const MAX_TOKEN = 8 * 1024;
const CONNECT_MS = 3_000;

/** Who may push: Marketo shows an API token, or a token that it got from our own identity provider. */
@Injectable()
export class PushAuth implements OnApplicationShutdown {
  private readonly log = new SeldomLog(new Logger('PushAuth'));
  private readonly agent = new Agent({ connections: 16, connectTimeout: CONNECT_MS });
  private readonly checks = new Map<JwtCheck | IntrospectionCheck, TokenCheck>();

  constructor(private readonly credentials: CredentialCheck) {}

  /**
   * Throws 401 for a token that is surely not good, and 503 when nobody can say: then the fault is not the sender's,
   * and it shall keep its batch and come again.
   */
  async check(name: string, source: MarketoPushSource, request: FastifyRequest): Promise<void> {
    if (source.insecure === true) return;
    const token = bearerToken(request.headers.authorization);
    if (token === undefined || token === '' || token.length > MAX_TOKEN)
      throw unauthorized('Send the token of this source in the Authorization header.');
    let refused = '';
    const good = await this.credentials.check(name, request, token, async () => {
      const verdict = await this.verdict(source, token);
      if (verdict === 'good') return verdict;
      if ('undecided' in verdict) throw this.undecided(name, verdict.undecided);
      ({ refused } = verdict);
      return undefined;
    });
    if (good === undefined) throw unauthorized(`The token is refused: ${refused}.`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async verdict({ token, oauth }: MarketoPushSource, given: string): Promise<TokenVerdict> {
    if (token !== undefined && sameSecret(given, token)) return 'good';
    if (oauth === undefined) return { refused: 'it is not the API token of this source' };
    return await this.tokens(oauth).check(given);
  }

  private undecided(name: string, why: string): Error {
    this.log.error(
      name,
      `Source ${name}: nobody can say whether a token is good, so deliveries wait with Marketo: ${why}.`,
    );
    return unavailable(
      'identity_provider_unavailable',
      'The identity provider cannot be asked now; send it again.',
    );
  }

  /** One for each source that has such a check, so the map is as long as the connections file says. */
  private tokens(check: JwtCheck | IntrospectionCheck): TokenCheck {
    let tokens = this.checks.get(check);
    if (tokens === undefined) {
      tokens =
        'jwksUrl' in check ? new JwtTokens(check, this.agent) : new IntrospectedTokens(check, this.agent);
      this.checks.set(check, tokens);
    }
    return tokens;
  }
}
