import type { MarketoDestination } from '../contracts/connections.js';
import type { Fault } from './http/fault.js';
import { HttpStandIn } from './http/http-stand-in.js';
import type { ReceivedLog } from './received-log.js';

/** A fault of Marketo: also an error code inside an HTTP 200 answer. */
export interface MarketoFault extends Fault {
  readonly code?: string;
}

export declare class MarketoStandIn extends HttpStandIn<MarketoFault> {
  readonly violations: ReceivedLog<unknown>;
  destination(): MarketoDestination;
  protected answer(): never;
}
