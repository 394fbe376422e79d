import * as fc from 'fast-check';
import type { JsonObject } from '../contracts/json.js';
import { COLUMNS } from './activity-row.js';
import { openCsv } from './csv-rows.js';
import type { Row } from './row.js';

const MUNCHKIN_ID = '123-ABC-456';
const HEADER =
  'marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes';
const GOOD = 'g-1,7,2026-05-04T10:00:00Z,3,null,44,Spring offer,"{""Link ID"":44}"';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) {
    await Promise.resolve();
    yield bytes.subarray(from, from + size);
  }
}

async function rowsOf(text: string, { chunk = 7, delimiter = ',' } = {}): Promise<Row[]> {
  const { rows } = await openCsv('x.csv', inChunks(Buffer.from(text), chunk), delimiter, MUNCHKIN_ID);
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

function activities(rows: readonly Row[]): JsonObject[] {
  return rows.flatMap(({ said }) => ('pieces' in said ? said.pieces.map(({ value }) => value) : []));
}

function reasons(rows: readonly Row[]): [number, string][] {
  return rows.flatMap(({ line, said }) =>
    'reason' in said ? [[line, said.reason] as [number, string]] : [],
  );
}

it('reads a row as the activity that the direct push would have sent', async () => {
  expect(activities(await rowsOf(`${HEADER}\n${GOOD}\n`))).toEqual([
    {
      marketoGUID: 'g-1',
      munchkinId: MUNCHKIN_ID,
      leadId: '7',
      activityDate: '2026-05-04T10:00:00Z',
      activityTypeId: 3,
      primaryAttributeValueId: 44,
      primaryAttributeValue: 'Spring offer',
      attributes: [{ name: 'Link ID', value: 44 }],
    },
  ]);
});

it('takes attributes as a list, as nothing, and with names that are dangerous to others', async () => {
  const row = (attributes: string) => `g,7,2026-05-04T10:00:00Z,3,,,,${attributes}`;
  const list = '"[{""name"":""A"",""value"":1}]"';
  const text = [HEADER, row(list), row('null'), row(''), row('"{""__proto__"":1}"')].join('\n');
  expect(activities(await rowsOf(text)).map(({ attributes }) => attributes)).toEqual([
    [{ name: 'A', value: 1 }],
    [],
    [],
    [{ name: '__proto__', value: 1 }],
  ]);
});

it.each([
  ['tabs', '\t'],
  ['semicolons', ';'],
])('reads an export with %s', async (_name, delimiter) => {
  const text = `${HEADER.replaceAll(',', delimiter)}\ng-1${delimiter}7${delimiter}2026-05-04T10:00:00Z${delimiter}3${delimiter}null${delimiter}${delimiter}a,b${delimiter}null\n`;
  expect(activities(await rowsOf(text, { delimiter }))).toMatchObject([{ primaryAttributeValue: 'a,b' }]);
});

describe('a row that is wrong', () => {
  it('is told with its line, and the rows around it are read', async () => {
    const text = [
      HEADER,
      GOOD,
      'g-2,7,2026-05-04T10:00:00Z,3',
      '"g-3",7,2026-05-04T10:00:00Z,3,null,44,"two\nlines",null',
      '',
      'g-4,7,2026-05-04T10:00:00Z,click,null,44,x,null',
      'g-5,7,2026-05-04T10:00:00Z,3,null,44,x,"{not json"',
      ',7,null,3,null,44,x,null',
      GOOD,
    ].join('\r\n');
    const rows = await rowsOf(text);
    expect(reasons(rows)).toEqual([
      [3, 'It has 4 cells, and the header 8.'],
      [7, 'Its activityTypeId is no number.'],
      [8, 'Its attributes are no JSON object or list.'],
      [9, 'There is nothing in marketoGUID, activityDate.'],
    ]);
    expect(rows[1]?.raw).toBe('g-2,7,2026-05-04T10:00:00Z,3');
    expect(activities(rows).map(({ marketoGUID }) => marketoGUID)).toEqual(['g-1', 'g-3', 'g-1']);
  });

  it('swallows what stands until the next quote, never to be read as rows', async () => {
    const forged = 'forged,1,2026-05-04T10:00:00Z,9,null,1,x,null';
    const text = [HEADER, GOOD, `g-2,7,"2026-05-04,3,null,44,x\n${forged}\n${GOOD}`, GOOD].join('\n');
    const rows = await rowsOf(text);
    expect(reasons(rows)).toHaveLength(1);
    expect(reasons(rows)[0]?.[0]).toBe(3);
    expect(activities(rows).map(({ marketoGUID }) => marketoGUID)).toEqual(['g-1', 'g-1']);
  });

  it('is told when its quote stays open until the end', async () => {
    const rows = await rowsOf(`${HEADER}\n${GOOD}\ng-2,"7,\ng-3,8`);
    expect(reasons(rows)).toEqual([
      [3, 'A quote is opened in it that nothing closes until the end of the file.'],
    ]);
    expect(rows[1]?.raw).toBe('g-2,"7,\ng-3,8');
  });

  it('ends the file when it is longer than may be held', async () => {
    const text = `${HEADER}\n${GOOD}\ng-2,"${'x,\n'.repeat(1_100_000)}`;
    await expect(rowsOf(text, { chunk: 65_536 })).rejects.toThrow(
      'cannot be read on from line 3: the row has more than',
    );
  });
});

describe('a header', () => {
  it('says which columns are no part of an activity', async () => {
    const bytes = Buffer.from(`${HEADER},actionResult,lead email\n`);
    expect((await openCsv('x.csv', inChunks(bytes, 64), ',', MUNCHKIN_ID)).ignored).toEqual([
      'actionResult',
      'lead email',
    ]);
  });

  it.each([
    ['marketoGUID,leadId', 'x.csv has no column activityDate, activityTypeId: export it'],
    [`${HEADER},leadId`, 'x.csv has two columns leadId.'],
  ])('is refused as %s', async (header, sentence) => {
    await expect(rowsOf(`${header}\n`)).rejects.toThrow(sentence);
  });
});

/** Text as an export may hold it: everything that has to be quoted, and letters of all kinds. */
const TEXT = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', ',', '\n', '\r', '\r\n', ' ', '\uFEFF', "'"),
    fc.string({ unit: 'grapheme', maxLength: 1 }),
  ),
  maxLength: 12,
});
const FILLED = TEXT.filter((text) => text !== '' && text !== 'null');
const ACTIVITY = fc.record({
  marketoGUID: FILLED,
  leadId: FILLED,
  activityDate: FILLED,
  activityTypeId: fc.nat(100_100),
  primaryAttributeValue: FILLED,
  attributes: fc.dictionary(TEXT, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
});

it('brings back every event that quoting can write, however the columns, lines and chunks fall', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(ACTIVITY, { maxLength: 6 }),
      fc.shuffledSubarray([...COLUMNS, 'actionResult', 'extra "x"'], { minLength: COLUMNS.length + 2 }),
      fc.record({
        bom: fc.boolean(),
        crlf: fc.boolean(),
        quoteAll: fc.boolean(),
        end: fc.boolean(),
        chunk: fc.integer({ min: 1, max: 40 }),
      }),
      async (written, columns, { bom, crlf, quoteAll, end, chunk }) => {
        const cell = (text: string) =>
          quoteAll || /[",\r\n\uFEFF]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const lines = [
          columns,
          ...written.map((activity) => {
            const cells: Record<string, string> = {
              ...activity,
              activityTypeId: String(activity.activityTypeId),
              attributes: JSON.stringify(activity.attributes),
              'extra "x"': 'thrown, away',
            };
            return columns.map((column) => cells[column] ?? 'null');
          }),
        ].map((cells) => cells.map(cell).join(','));
        const text = (bom ? '\uFEFF' : '') + lines.join(crlf ? '\r\n' : '\n') + (end ? '\n' : '');
        const read = activities(await rowsOf(text, { chunk }));
        expect(read).toEqual(
          written.map(({ attributes, ...rest }) => ({
            ...rest,
            munchkinId: MUNCHKIN_ID,
            attributes: Object.entries(attributes).map(([name, value]) => ({
              name,
              value: JSON.parse(JSON.stringify(value)) as unknown,
            })),
          })),
        );
      },
    ),
    { numRuns: 300 },
  );
});
