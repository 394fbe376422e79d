import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessModule } from '../access/access.module.js';
import { EventsQueue } from '../queues/events-queue.js';
import { BacklogModule } from '../queues/backlog.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { AdobeController } from './adobe.controller.js';
import { AdobeDoor } from './door/adobe-door.js';
import { AdobeSignature } from './door/adobe-signature.js';
import { BATCH_STORE, BatchWriter } from './door/batch-writer.js';
import { CredentialCheck } from './door/credential-check.js';
import { DoorErrorFilter } from './door/door-error.filter.js';
import { DoorMetrics } from './door/door-metrics.js';
import { EventsDoor } from './door/events-door.js';
import { PublicKeys } from './door/public-keys.js';
import { PushAuth } from './door/push-auth.js';
import { PushDoor } from './door/push-door.js';
import { RegistrationConfirmer } from './door/registration-confirmer.js';
import { Sources } from './door/sources.js';
import { WebhookDoor } from './door/webhook-door.js';
import { EventsController } from './events.controller.js';
import { MarketoPushController } from './marketo-push.controller.js';
import { WebhookController } from './webhook.controller.js';

// In: HTTP. Out: raw batches in the events queue, each durable before its 2xx. Owns: public keys, the waiting bytes.
@Module({
  imports: [QueuesModule, BacklogModule, AccessModule],
  controllers: [AdobeController, MarketoPushController, EventsController, WebhookController],
  providers: [
    Sources,
    PublicKeys,
    AdobeSignature,
    AdobeDoor,
    RegistrationConfirmer,
    CredentialCheck,
    PushAuth,
    PushDoor,
    EventsDoor,
    WebhookDoor,
    BatchWriter,
    DoorMetrics,
    { provide: BATCH_STORE, useExisting: EventsQueue },
    { provide: APP_FILTER, useClass: DoorErrorFilter },
  ],
})
export class IngestModule {}
