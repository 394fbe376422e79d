import { redisTrouble } from './redis-trouble.js';

describe('redisTrouble', () => {
  it.each([
    "Stream isn't writeable and enableOfflineQueue options is false",
    'Connection is closed.',
    'Reached the max retries per request limit (which is 1). Refer to "maxRetriesPerRequest" option for details.',
  ])('says of a Redis that is away that it cannot be reached: %s', (message) => {
    expect(redisTrouble(new Error(message))).toBe('Redis cannot be reached');
  });

  it('says the same of a Redis that is full, whichever script it refuses', () => {
    const full = (script: string) =>
      redisTrouble(
        new Error(
          `OOM command not allowed when used memory > 'maxmemory'. script: ${script}, on @user_script:2.`,
        ),
      );
    expect(full('9e77')).toBe('Redis is full: it uses all of its maxmemory');
    expect(full('d96c')).toBe(full('9e77'));
  });

  it('leaves what else Redis says as it is', () => {
    expect(redisTrouble(new Error('LOADING Redis is loading the dataset in memory'))).toMatch(/^LOADING/);
    expect(redisTrouble('no error')).toBe('no error');
  });
});
