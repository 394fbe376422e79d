import { completeEvents } from './short-event.js';

it('completes what is left out, and time stands still until an event moves it', () => {
  const [first, second, third] = completeEvents([
    { type: 'marketo.activity.newlead', leadId: 7 },
    { type: 'com.acme.crm.account.updated', id: 'own', time: '2026-03-09T16:00:00+01:00', data: { a: 1 } },
    { type: 'marketo.audit.user.email', munchkinId: '789-DEF-012', attributes: { b: 2 } },
  ]);
  expect(first).toMatchObject({
    id: 'event-1',
    leadId: '7',
    stream: 'lead-activity',
    munchkinId: '123-ABC-456',
    data: {},
  });
  expect(first?.time).toBe('2026-01-05T09:00:00Z');
  expect(second).toMatchObject({
    id: 'own',
    stream: 'external',
    time: '2026-03-09T15:00:00.000Z',
    data: { a: 1 },
  });
  expect(third).toMatchObject({
    time: '2026-03-09T15:00:00.000Z',
    munchkinId: '789-DEF-012',
    attributes: { b: 2 },
  });
});
