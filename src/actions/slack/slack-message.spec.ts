import fc from 'fast-check';
import { slackMessage } from './slack-message.js';

const textOf = (text: string) => slackMessage({ to: 'ops', text }).message.text ?? '';

describe('a message for Slack', () => {
  it('leaves texts within the limits as they are', () => {
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'a' }, accessory: { type: 'button', value: 'v' } },
    ];
    const { message, cuts } = slackMessage({ to: 'ops', text: 't', blocks });
    expect(message).toEqual({ text: 't', blocks, unfurl_links: false, unfurl_media: false });
    expect(cuts).toEqual([]);
  });

  it('knows the longer texts of markdown blocks and the short ones of buttons', () => {
    const long = 'x'.repeat(13_000);
    const button = { type: 'button', text: { type: 'plain_text', text: long } };
    const { cuts } = slackMessage({
      to: 'ops',
      blocks: [
        { type: 'markdown', text: long },
        { type: 'actions', elements: [button] },
      ],
    });
    expect(cuts).toEqual([
      'blocks[0] cut from 13000 to 12000 characters',
      'blocks[1] cut from 13000 to 75 characters',
    ]);
  });

  it('cuts neither an entity nor a character into halves', () => {
    expect(textOf(`${'a'.repeat(39_997)}&amp;b`)).toBe(`${'a'.repeat(39_997)}…`);
    expect(textOf(`${'a'.repeat(39_998)}😀😀`)).toBe(`${'a'.repeat(39_998)}…`);
  });

  it('never goes over the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(60), (tail, fill) => {
        const text = textOf('x'.repeat(39_960 + fill) + tail);
        expect(text.length).toBeLessThanOrEqual(40_000);
        expect(() => encodeURIComponent(text)).not.toThrow();
      }),
    );
  });
});
