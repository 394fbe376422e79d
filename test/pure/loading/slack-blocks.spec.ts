import fc from 'fast-check';
import { LONGEST_TEXT, slackMessage } from '../../../src/actions/slack/slack-message.js';
import { slackSchema, type SlackParams } from '../../../src/actions/slack/slack.params.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { compileParams } from '../../../src/rules/templates/params.js';
import type { TemplateScope } from '../../../src/rules/templates/template-scope.js';
import { check } from './checking.js';

const X = '{{ data.x }}';
const mrkdwn = { type: 'mrkdwn', text: `*Form* ${X}` };
const plain = { type: 'plain_text', text: X };
const button = { type: 'button', text: plain, url: `https://acme.example/?q=${X}`, value: X };

const blocks: JsonObject[] = [
  { type: 'section', text: mrkdwn, fields: [mrkdwn, plain], accessory: button },
  { type: 'header', text: plain },
  {
    type: 'context',
    elements: [mrkdwn, { type: 'image', image_url: 'https://acme.example/a', alt_text: X }],
  },
  { type: 'actions', elements: [button] },
  { type: 'markdown', text: X },
  {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: X }] }],
  },
  { type: 'table', rows: [[{ type: 'raw_text', text: X }]] },
];

function rendered(x: string): SlackParams {
  const params = { to: 'ops', text: X, blocks };
  const scope = { data: { x } } as unknown as TemplateScope;
  return compileParams(params, slackSchema.params).render(scope) as SlackParams;
}

describe('values inside a message for Slack', () => {
  it('are escaped for where each lands', () => {
    const { text, blocks: made = [] } = rendered('<a> & [b](c)');
    const forSlack = '&lt;a&gt; &amp; [b](c)';
    expect(text).toBe(forSlack);
    expect(made[0]).toMatchObject({
      text: { text: `*Form* ${forSlack}` },
      fields: [{ text: `*Form* ${forSlack}` }, { text: forSlack }],
      accessory: {
        text: { text: forSlack },
        url: 'https://acme.example/?q=<a> & [b](c)',
        value: '<a> & [b](c)',
      },
    });
    expect(made[1]).toMatchObject({ text: { text: forSlack } });
    expect(made[2]).toMatchObject({ elements: [{ text: `*Form* ${forSlack}` }, { alt_text: forSlack }] });
    expect(made[4]).toEqual({ type: 'markdown', text: '&lt;a&gt; &amp; \\[b\\](c)' });
    // Slack shows these as they are.
    expect(made[5]).toMatchObject({ elements: [{ elements: [{ text: '<a> & [b](c)' }] }] });
    expect(made[6]).toMatchObject({ rows: [[{ text: '<a> & [b](c)' }]] });
  });

  const hostile = fc
    .array(
      fc.constantFrom('<!channel>', '<@U1>', '<http://evil.example|here>', '&lt;', '&', '[a](b)', '\\', 'x'),
      { maxLength: 12 },
    )
    .chain((parts) => fc.constantFrom('', 'y'.repeat(2_950)).map((filling) => filling + parts.join('')));

  it('ping nobody, hide no link and stay inside their text, however they are cut', () => {
    fc.assert(
      fc.property(hostile, (x) => {
        const params = rendered(x);
        // URLs are told of elsewhere: what is none is refused.
        const inTexts = (params.blocks ?? []).slice(0, 6).filter(({ type }) => type !== 'actions');
        const { message } = slackMessage(
          { ...params, blocks: inTexts.map(({ accessory: _, ...block }) => block) },
          LONGEST_TEXT.posted,
        );
        const [section, header, context, markdown] = message.blocks ?? [];
        const forSlack = JSON.stringify([message.text, section, header, context]);
        expect(forSlack).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(markdown?.['text']).not.toMatch(/[<>]|(?<!\\)(?:\\\\)*[[\]]/);
      }),
    );
  });
});

describe('a rule for Slack', () => {
  const bot = { kind: 'slack', botToken: 'x', channel: '#ops', apiOrigin: 'https://slack.com' } as const;
  const webhook = { kind: 'slack', webhookUrl: 'https://h', apiOrigin: 'https://slack.com' } as const;
  const problemsOf = (params: JsonObject, ops: typeof bot | typeof webhook) => {
    const action = { type: 'slack', params: { to: 'ops', text: 'a', ...params } };
    const file = { description: 'd', on: 'marketo.activity.newlead', actions: [action] };
    return check(JSON.stringify(file), { connections: { ops } }).problems.map(({ message }) => message);
  };

  it.each([{ thread: 'k' }, { update: 'k' }, { channel: '#sales' }])(
    'with %j asks for a bot as soon as the connection is known',
    (params) => {
      expect(problemsOf(params, bot)).toEqual([]);
      expect(problemsOf(params, webhook)).toEqual([
        `"${Object.keys(params).join('')}" needs a connection with botToken and channel: an incoming webhook posts new messages to its one channel only`,
      ]);
    },
  );

  it('may have every block that is shown here', () => {
    expect(problemsOf({ blocks }, webhook)).toEqual([]);
  });
});
