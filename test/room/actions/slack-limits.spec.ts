import fc from 'fast-check';
import { messageBlock } from '../../../src/actions/slack/blocks/message-blocks.js';
import type { Fit } from '../../../src/actions/slack/blocks/texts.js';
import { SlackAction } from '../../../src/actions/slack/slack.action.js';
import { SlackApi } from '../../../src/actions/slack/slack-api.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { Failure } from '../../../src/contracts/failure.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SlackStandIn } from '../../../src/sandbox/slack-stand-in.js';
import { MessagePlaces } from '../../../src/state/message-places.js';
import { attemptAt, effectOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { valuesOf, type Node } from '../../support/schema-arbitrary.js';

/** Empty, hostile, and longer than any limit of Slack. */
const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', '<!channel>', '&lt;', '{{', '\n```') },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '😀', '&amp;', 'é'), fc.constantFrom(40, 160, 260, 2_010, 3_010, 13_000))
      .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length))),
  },
);
const seldomHostile = (usual: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: hostile });
const urls = seldomHostile(fc.webUrl({ validSchemes: ['https'] }));
const ids = seldomHostile(fc.uuid());

/** What cannot be cut is seldom too long, or hardly anything would be sent. */
function texts({ fit }: Node): fc.Arbitrary<string> {
  const { cut, form } = fit as Fit;
  if (cut === true) return hostile;
  return form === undefined ? ids : urls;
}

const block = valuesOf(messageBlock, texts) as fc.Arbitrary<JsonObject>;
/** One slip in an otherwise good block: a member renamed, removed or of another kind. */
const slip = fc
  .tuple(block, fc.nat(5), fc.constantFrom('rename', 'remove', 'change'))
  .map(([whole, at, how]): JsonObject => {
    const names = Object.keys(whole);
    const name = names[at % names.length] ?? '';
    const { [name]: value, ...rest } = whole;
    if (how === 'remove') return rest;
    return how === 'rename' ? { ...rest, [`${name}s`]: value } : { ...rest, [name]: 7 };
  });
const messages = fc.record(
  {
    text: hostile,
    blocks: fc.array(fc.oneof({ weight: 12, arbitrary: block }, { weight: 1, arbitrary: slip }), {
      minLength: 1,
      maxLength: 5,
    }),
  },
  { requiredKeys: ['text'] },
);

describe('what is sent to Slack', () => {
  const http = new HttpClient();
  const slack = new SlackStandIn({ webhookToken: 'hook-token', botToken: 'xoxb-test' });
  let redis: RedisForTest;
  let connections: RedisConnections;
  let action: SlackAction;

  beforeAll(async () => {
    await slack.listen('127.0.0.1', 0);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    action = new SlackAction(new SlackApi(http, systemClock), new MessagePlaces(connections));
  });
  afterAll(async () => {
    await http.close();
    await slack.close();
    await connections.close();
    await redis.stop();
  });

  it('is within its limits, or refused by us with a sentence', async () => {
    let sent = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(messages, async (params) => {
        try {
          await action.send(attemptAt(slack.bot(), effectOf('slack', { to: 'there', ...params })));
          sent += 1;
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(['slack.unfit', 'params.invalid']).toContain(error.code);
          refused += 1;
        }
        const refusal = slack.refused.last;
        slack.refused.clear();
        expect(refusal?.error).toBeUndefined();
      }),
      { numRuns: 250 },
    );
    expect(slack.messages.size).toBe(sent);
    // Both ways were gone.
    expect(Math.min(sent, refused)).toBeGreaterThan(40);
  });
});
