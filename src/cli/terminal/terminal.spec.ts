import { unlessNobodyReads } from './terminal.js';

it('takes it that the reader has seen enough, and no other error of writing', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  expect(() => {
    unlessNobodyReads(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  }).not.toThrow();
  expect(() => {
    unlessNobodyReads(full);
  }).toThrow(full);
});
