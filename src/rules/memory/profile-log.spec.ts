import fc from 'fast-check';
import { encodeLookedUp, encodeTold, ProfileLog } from './profile-log.js';

function told(time: number, fields: Readonly<Record<string, unknown>>): Buffer {
  return encodeTold(time, new Map(Object.entries(fields)));
}

function lookedUp(time: number, fields: Readonly<Record<string, unknown>>): Buffer {
  return encodeLookedUp(time, new Map(Object.entries(fields)));
}

function profile(...records: readonly Buffer[]): ProfileLog {
  return ProfileLog.decode(Buffer.concat(records));
}

describe('a profile', () => {
  it('knows nothing without bytes', () => {
    expect(ProfileLog.decode(undefined).get('state')).toBeUndefined();
  });

  it('has the bytes of each field behind one another', () => {
    const head = '010203040506';
    expect(told(0x0102_0304_0506, { a: 'é' }).toString('hex')).toBe(`${head}00000a5b2261222c22c3a9225d`);
    expect(lookedUp(0x0102_0304_0506, { a: 1 }).toString('hex')).toBe(`${head}0100075b2261222c315d`);
  });

  it('tells a value, when it was so and from where it is known', () => {
    const known = profile(told(5, { state: 'CA', score: 7 }), lookedUp(6, { country: undefined }));
    expect(known.get('state')).toEqual({ value: 'CA', time: 5, isLookedUp: false });
    expect(known.get('score')?.value).toBe(7);
    expect(known.get('country')).toEqual({ value: null, time: 6, isLookedUp: true });
  });

  it('has of each field the latest, and of one moment what came last', () => {
    const known = profile(told(5, { state: 'CA' }), told(9, { state: 'NY' }), told(7, { state: 'TX' }));
    expect(known.get('state')?.value).toBe('NY');
    known.tell(9, new Map([['state', 'WA']]));
    expect(known.get('state')?.value).toBe('WA');
    known.tell(8, new Map([['state', 'OR']]));
    expect(known.get('state')?.value).toBe('WA');
  });

  it('knows the same of what is told now as of what was written, however long', () => {
    const fields = new Map<string, unknown>([
      ['notes', '\u0001'.repeat(20_000)],
      ['list', Array.from({ length: 9_000 }, (_, index) => index)],
      ['city', '東京'],
      ['x'.repeat(201), 1],
    ]);
    const now = ProfileLog.decode(undefined);
    now.tell(-1, fields);
    const written = ProfileLog.decode(encodeTold(-1, fields));
    for (const field of fields.keys()) expect(now.get(field)).toEqual(written.get(field));
    expect(now.get('city')).toEqual({ value: '東京', time: 0, isLookedUp: false });
    expect(String(now.get('notes')?.value)).toHaveLength(9_977);
    expect(now.get('list')?.value).toMatch(/^\[0,1,2,/);
    expect(now.get('x'.repeat(201))).toBeUndefined();
  });

  it('is read up to a cut, and from any bytes without a throw', () => {
    const bytes = Buffer.concat([told(1, { a: 1 }), told(2, { b: 2 })]);
    const cut = ProfileLog.decode(bytes.subarray(0, -1));
    expect([cut.get('a')?.value, cut.get('b')]).toEqual([1, undefined]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const known = profile(told(1, { a: 1 }), Buffer.from(noise));
        expect(known.get('a')).toBeDefined();
      }),
    );
  });
});

describe('compaction of a profile', () => {
  const record = fc.tuple(
    fc.nat(20),
    fc.constantFrom('a', 'b', 'c'),
    fc.jsonValue({ maxDepth: 1 }),
    fc.boolean(),
  );

  it('leaves what is known as it is, also for what comes after', () => {
    fc.assert(
      fc.property(fc.array(record), fc.array(record), (before, after) => {
        const encode = (records: typeof before): Buffer =>
          Buffer.concat(
            records.map(([time, field, value, isLookedUp]) =>
              (isLookedUp ? lookedUp : told)(time, { [field]: value }),
            ),
          );
        const whole = encode(before);
        const compacted = ProfileLog.decode(whole).compacted();
        const fields = new Set(before.map(([, field]) => field));
        expect(compacted === undefined).toBe(before.length === fields.size);
        const [one, other] = [whole, compacted ?? whole].map((bytes) => profile(bytes, encode(after)));
        for (const field of ['a', 'b', 'c']) expect(other?.get(field)).toEqual(one?.get(field));
      }),
    );
  });

  it('is due when most records say nothing any more, and those are more than a few', () => {
    const repeated = (times: number): Buffer =>
      Buffer.concat(Array.from({ length: times }, (_, index) => told(index, { state: 'a state' })));
    expect(ProfileLog.isOverdue(repeated(17))).toBe(false);
    expect(ProfileLog.isOverdue(repeated(18))).toBe(true);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, 1]));
    expect(ProfileLog.isOverdue(Buffer.concat([told(1, many), told(2, many)]))).toBe(false);
    expect(ProfileLog.isOverdue(Buffer.concat([told(1, many), told(2, many), told(3, { f0: 2 })]))).toBe(
      true,
    );
  });

  it('is due even of the shortest records', () => {
    expect(ProfileLog.isOverdue(Buffer.concat(Array.from({ length: 18 }, () => told(1, { a: 0 }))))).toBe(
      true,
    );
  });
});
