import { ACTIVITY_PREFIX, CUSTOM_ACTIVITY } from '../../catalogue/activity-types.js';
import { canonicalField } from '../../catalogue/lead-field-names.js';
import { parseInstant } from '../../contracts/instant.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { plainValue, type OwnActivity, type OwnWrites } from '../../contracts/own-write.js';

const activity = (name: string): string => ACTIVITY_PREFIX + name;

const ADDED = activity('addtolist');
const REMOVED = activity('removefromlist');
const REQUESTED = activity('requestcampaign');
const PROGRESSED = activity('changestatusinprogression');
const PUSHED = activity('pushleadtomarketo');
const CREATED = activity('newlead');
const CHANGED = activity('changedatavalue');
const SCORED = activity('changescore');

export const addToListWrites = oneActivity(ADDED, 'list');
export const removeFromListWrites = oneActivity(REMOVED, 'list');
export const requestCampaignWrites = oneActivity(REQUESTED, 'campaign');
export const changeProgramStatusWrites = oneActivity(PROGRESSED, 'program', 'status');

/** Its activity has the time that it was given, which may be long before the write. */
export const addCustomActivityWrites: OwnWrites = {
  types: [CUSTOM_ACTIVITY],
  of: (params) => {
    const { at } = params;
    const since = typeof at === 'string' ? parseInstant(at.trim()) : undefined;
    return {
      leadId: idOf(params['lead']),
      activities: [told(CUSTOM_ACTIVITY, params['activityType'], params['primaryValue'])],
      ...(since === undefined ? {} : { since }),
    };
  },
};

/** Marketo tells of a new score twice: as a score and as a value. */
export const changeScoreWrites: OwnWrites = {
  types: [SCORED, CHANGED],
  of: ({ lead, field }, plan) => ({
    leadId: idOf(lead),
    activities: [SCORED, CHANGED].map((type) => told(type, canonicalField(plainValue(field)), plan?.['to'])),
  }),
};

/** A field may be a score, which nothing says beforehand, and the lead may be new. */
export const syncLeadWrites: OwnWrites = {
  types: [CHANGED, SCORED, CREATED],
  of: (params) => ({
    leadId: leadFoundBy(params),
    activities: [told(CREATED, '', ''), ...fieldsOf(params)],
  }),
};

export const pushLeadWrites: OwnWrites = {
  types: [PUSHED, ...syncLeadWrites.types],
  of: (params) => ({
    leadId: leadFoundBy(params),
    activities: [told(PUSHED, '', ''), told(CREATED, '', ''), ...fieldsOf(params)],
  }),
};

/** One activity about the lead in `lead`, told apart by these parameters. */
function oneActivity(type: string, what: string, value = ''): OwnWrites {
  return {
    types: [type],
    of: (params) => ({ leadId: idOf(params['lead']), activities: [told(type, params[what], params[value])] }),
  };
}

function fieldsOf({ fields, lookupField = 'email' }: JsonObject): OwnActivity[] {
  if (!isJsonObject(fields)) return [];
  return Object.entries(fields).flatMap(([name, value]) =>
    name === lookupField ? [] : [CHANGED, SCORED].map((type) => told(type, canonicalField(name), value)),
  );
}

/** Known beforehand only where the lead is found by its id. */
function leadFoundBy({ fields, lookupField }: JsonObject): string | undefined {
  return lookupField === 'id' && isJsonObject(fields) ? idOf(fields['id']) : undefined;
}

function told(type: string, what: unknown, value: unknown): OwnActivity {
  return { type, what: idOf(what) ?? '', value: plainValue(value) };
}

/** A template leaves spaces around an id where its author did. */
function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}
