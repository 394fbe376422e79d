import { MarketoQuota } from './quota.js';

it('has one quota for us and for others', () => {
  const clock = { time: Date.parse('2026-05-04T10:00:00Z'), now: () => clock.time };
  const quota = new MarketoQuota(clock);
  Object.assign(quota.limits, { perWindow: 10, daily: 14 });
  const call = () => {
    const refusal = quota.refusal(1);
    quota.count(refusal);
    return refusal?.code;
  };
  quota.countOthers('crm@acme.example', 8);
  expect([call(), call(), call()]).toEqual([undefined, undefined, '606']);
  clock.time += 20_001;
  quota.countOthers('crm@acme.example', 100);
  expect(quota.today()).toMatchObject({
    total: 14,
    users: [
      { userId: 'signalman@acme.example', count: 3 },
      { userId: 'crm@acme.example', count: 11 },
    ],
  });
  expect(call()).toBe('607');
});
