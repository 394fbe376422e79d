import { PrivateAddressError, publicLookup } from '../../../src/http/private-addresses.js';

describe('the look-up of public names', () => {
  it.each([{ all: true }, {}])('refuses a name that resolves to this machine, asked with %j', (options) => {
    return new Promise<void>((resolve) => {
      publicLookup('localhost', options, (error) => {
        expect(error).toBeInstanceOf(PrivateAddressError);
        resolve();
      });
    });
  });
});
