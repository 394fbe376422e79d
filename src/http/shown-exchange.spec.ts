import fc from 'fast-check';
import { shownAnswer, shownRequest, shownUrl } from './shown-exchange.js';

const request = {
  method: 'POST',
  url: 'https://user:geheim@acme.example/hooks/7?key=geheim&flag&q=a%20b#geheim',
  headers: {
    'content-type': 'application/json',
    Authorization: 'Bearer geheim',
    'webhook-id': 'e1',
    'webhook-signature': 'v1,geheim',
    'x-tenant': 'geheim',
  },
  body: '{"a":1}',
} as const;

describe('a request as people may see it', () => {
  it('has origin and path, names of the query, and no header that authorises, signs or is to be masked', () => {
    const shown = shownRequest(request, ['x-tenant']);
    expect(shown).toEqual({
      method: 'POST',
      target: 'https://acme.example/hooks/7?key=***&flag=***&q=***',
      headers: {
        'user-agent': expect.stringMatching(/^signalman\/\d/) as string,
        'content-type': 'application/json',
        'webhook-id': 'e1',
        'x-tenant': '***',
      },
      body: '{"a":1}',
    });
    expect(JSON.stringify(shown)).not.toContain('geheim');
  });

  it('shows nothing of what is no URL', () => {
    expect(shownUrl('geheim')).toBe('***');
  });

  it('never shows the value of a query or a password, whatever the URL', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: true }),
        fc.stringMatching(/^[A-Za-z]{12,20}$/),
        (url, secret) => {
          const at = new URL(url);
          at.username = 'a';
          at.password = secret;
          at.search = `?key=${secret}&${secret}x=1`;
          at.hash = secret;
          expect(shownUrl(at.href)).toBe(`${at.origin}${at.pathname}?key=***&${secret}x=***`);
        },
      ),
    );
  });

  it('keeps the beginning of a long body, at most 16 kB of it and 2 kB of an answer, and no half of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (piece) => {
        const long = piece.repeat(20_000);
        const body = shownRequest({ ...request, body: long }).body ?? '';
        const { text } = shownAnswer({ status: 500, body: long });
        for (const [shown, bytes] of [[body, 16_384] as const, [text, 2_048] as const]) {
          expect(long.startsWith(shown)).toBe(true);
          expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(bytes);
          expect(Buffer.byteLength(shown)).toBeGreaterThan(bytes - 4);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('shows a short body and an answer as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (body) => {
        expect(shownRequest({ ...request, body }).body).toBe(body);
        expect(shownAnswer({ status: 200, body })).toEqual({ status: 200, text: body });
      }),
    );
  });
});
