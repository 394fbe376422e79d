import type { ActionSchema } from '../../contracts/action-kind.js';
import { campaignSchemas } from './campaign.params.js';
import { leadSchemas } from './lead.params.js';
import { listSchemas } from './list.params.js';
import { programSchemas } from './program.params.js';

/** Every action kind that goes to Marketo. */
export const marketoSchemas: readonly ActionSchema[] = [
  ...listSchemas,
  ...leadSchemas,
  ...campaignSchemas,
  ...programSchemas,
];
