/** Who we are to those we call: the name and the version of package.json. */
export const USER_AGENT = 'signalman/0.1.0';
