import fc from 'fast-check';
import type { JsonObject } from '../../contracts/json.js';
import { LONGEST_TEXT, slackMessage } from './slack-message.js';

const textOf = (text: string) => slackMessage({ text }, LONGEST_TEXT.posted).message.text ?? '';
const withBlocks = (...blocks: JsonObject[]) => slackMessage({ blocks }, LONGEST_TEXT.posted);
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text });
const button = (members: object) => ({ type: 'button', text: plain('Open'), ...members });
const cell = { type: 'raw_text', text: 'a' };
const section = (members: object) => ({ type: 'section', ...members });

describe('a message for Slack', () => {
  it('leaves what is within the limits as it is', () => {
    const blocks = [section({ text: mrkdwn('a'), accessory: button({ value: 'v' }) }), { type: 'divider' }];
    expect(slackMessage({ text: 't', blocks }, 40_000)).toEqual({
      message: { text: 't', blocks },
      changes: [],
    });
  });

  it('cuts each text to the limit of its place', () => {
    const long = 'x'.repeat(13_000);
    const { changes, message } = withBlocks(
      { type: 'header', text: plain(long) },
      section({ text: mrkdwn(long), fields: [mrkdwn(long)], accessory: button({ text: plain(long) }) }),
      { type: 'image', image_url: 'https://acme.example/a.png', alt_text: long },
      { type: 'context', elements: [mrkdwn(long)] },
    );
    expect(changes).toEqual([
      'blocks[0].text.text cut from 13000 to 150 characters',
      'blocks[1].text.text cut from 13000 to 3000 characters',
      'blocks[1].fields[0].text cut from 13000 to 2000 characters',
      'blocks[1].accessory.text.text cut from 13000 to 75 characters',
      'blocks[2].alt_text cut from 13000 to 2000 characters',
      'blocks[3].elements[0].text cut from 13000 to 3000 characters',
    ]);
    expect(message.blocks?.[0]).toEqual({ type: 'header', text: plain(`${'x'.repeat(149)}…`) });
  });

  it('counts all markdown together', () => {
    const { changes } = withBlocks(
      { type: 'markdown', text: 'x'.repeat(11_999) },
      { type: 'markdown', text: 'yz' },
    );
    expect(changes).toEqual(['blocks[1].text cut from 2 to 1 characters']);
    const full = { type: 'markdown', text: 'x'.repeat(12_000) };
    expect(() => withBlocks(full, { type: 'markdown', text: 'y' })).toThrow(
      'Slack would refuse the message: blocks[1].text has no room: all markdown blocks together are too long',
    );
  });

  it('shows a dash for a text that came out empty', () => {
    const { changes, message } = withBlocks(section({ text: mrkdwn('') }));
    expect(message.blocks).toEqual([section({ text: mrkdwn('–') })]);
    expect(changes).toEqual(['blocks[0].text.text is empty and shown as –']);
  });

  it.each<[string, JsonObject[]]>([
    [
      'blocks[0].image_url: "image_url" must be a URL that begins with http:// or https://',
      [{ type: 'image', image_url: 'javascript:alert(1)', alt_text: 'a' }],
    ],
    [
      'blocks[1].accessory.url has 3001 characters, and Slack takes 3000',
      [
        { type: 'divider' },
        section({
          text: mrkdwn('a'),
          accessory: button({ url: 'https://acme.example/'.padEnd(3_001, 'x') }),
        }),
      ],
    ],
    [
      'blocks[0].elements[0].action_id is empty',
      [{ type: 'actions', elements: [button({ action_id: '' })] }],
    ],
    [
      'blocks[0]: action_id "a" stands there twice',
      [{ type: 'actions', elements: [button({ action_id: 'a' }), button({ action_id: 'a' })] }],
    ],
    [
      'blocks: block_id "b" stands there twice',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
    ],
    [
      'blocks: a message holds one table, and here are 2',
      Array.from({ length: 2 }, () => ({ type: 'table', rows: [[cell]] })),
    ],
    [
      'blocks[0].rows[1]: every row needs as many cells as the first',
      [{ type: 'data_table', caption: 'c', rows: [[cell], [cell, cell]] }],
    ],
  ])('refuses with "%s"', (sentence, blocks) => {
    expect(() => withBlocks(...blocks)).toThrow(
      expect.objectContaining({
        code: 'slack.unfit',
        message: `Slack would refuse the message: ${sentence}`,
        retry: { kind: 'never' },
      }) as Error,
    );
  });

  it('refuses to be empty', () => {
    expect(() => slackMessage({}, LONGEST_TEXT.posted)).toThrow('The message is empty');
    expect(() => slackMessage({ text: '' }, LONGEST_TEXT.posted)).toThrow('The message is empty');
  });

  it('cuts neither an entity nor a character into halves', () => {
    expect(textOf(`${'a'.repeat(39_997)}&amp;b`)).toBe(`${'a'.repeat(39_997)}…`);
    expect(textOf(`${'a'.repeat(39_998)}😀😀`)).toBe(`${'a'.repeat(39_998)}…`);
  });

  it('takes less text for what takes the place of another', () => {
    const { message, changes } = slackMessage({ text: 'x'.repeat(4_001) }, LONGEST_TEXT.updated);
    expect(message.text).toHaveLength(4_000);
    expect(changes).toEqual(['text cut from 4001 to 4000 characters']);
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
