// A whole app starts, is killed and starts again.
jest.setTimeout(120_000);
