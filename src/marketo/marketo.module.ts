import { Module } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { HttpClient } from '../http/http-client.js';
import { HttpModule } from '../http/http.module.js';
import { MarketoClient } from './marketo-client.js';
import { MarketoTokens } from './marketo-tokens.js';

// In: calls of Marketo's REST API, to act and to read. Out: their rows. Owns: the access tokens.
@Module({
  imports: [HttpModule],
  providers: [
    {
      provide: MarketoClient,
      inject: [HttpClient],
      useFactory: (http: HttpClient) =>
        new MarketoClient(http, new MarketoTokens(http, systemClock), systemClock),
    },
  ],
  exports: [MarketoClient],
})
export class MarketoModule {}
