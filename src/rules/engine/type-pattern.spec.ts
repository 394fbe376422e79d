import { compileTypePattern, typeMatches } from './type-pattern.js';

describe('entries of on', () => {
  it.each([
    ['marketo.activity.*', 'marketo.activity.clicklink', true],
    ['marketo.audit.*', 'marketo.audit.user.email', true],
    ['marketo.activity.email*', 'marketo.activity.emailbounced', true],
    ['com.*.order.placed', 'com.acme.order.placed', true],
    ['com.*.order.placed', 'com.acme.eu.order.placed', false],
    ['marketo.activity.*', 'marketo.activityXclicklink', false],
    ['marketo.activity', 'marketo.activity.clicklink', false],
    ['a+b.*', 'a+b.c', true],
    ['*', 'anything.at.all', true],
  ])('%s and %s: %s', (entry, type, expected) => {
    expect(typeMatches([entry], type)).toBe(expected);
  });

  it('refuses a * inside a segment', () => {
    expect(() => compileTypePattern('marketo.act*ity.x')).toThrow('can only end a segment');
  });
});
