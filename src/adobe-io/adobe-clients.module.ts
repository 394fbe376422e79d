import { Module } from '@nestjs/common';
import { AdobeHttp } from './http/adobe-http.js';
import { AdobeApi } from './ims/adobe-api.js';
import { ImsTokens } from './ims/ims-tokens.js';
import { JournalClient } from './journal/journal-client.js';
import { PACE, systemPace } from './pace.js';
import { RegistrationClient } from './registration/registration-client.js';

// In: credentials. Out: what Adobe's journal and Registration API answer. Owns: the access tokens.
@Module({
  providers: [
    AdobeHttp,
    ImsTokens,
    AdobeApi,
    JournalClient,
    RegistrationClient,
    { provide: PACE, useValue: systemPace },
  ],
  exports: [JournalClient, RegistrationClient, PACE],
})
export class AdobeClientsModule {}
