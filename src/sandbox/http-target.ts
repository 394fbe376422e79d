import { type HttpAnswer, type HttpRequest, json } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';
import { ReceivedLog } from './received-log.js';

/** An HTTP server that takes whatever it gets, for kinds of actions whose target nobody has built a stand-in of. */
export class HttpTarget extends HttpStandIn {
  /** What was answered as usual. */
  readonly taken = new ReceivedLog<HttpRequest>();

  /** `answered`: what it answers; 200 with an empty object unless given. */
  constructor(private readonly answered: Partial<HttpAnswer> = {}) {
    super();
  }

  override clear(): void {
    super.clear();
    this.taken.clear();
  }

  protected answer(request: HttpRequest): HttpAnswer {
    this.taken.add(request);
    return { ...json(200, {}), ...this.answered };
  }
}
