import type { ActionSchema, DoneEffect, TakeBack } from '../../contracts/action-kind.js';
import { idOrTemplate } from '../common/param-types.js';
import { lead, marketoParams } from './common.params.js';
import { addToListWrites, removeFromListWrites } from './own-activities.js';

export type ListActionType = 'marketo.addToList' | 'marketo.removeFromList';

const ListParams = marketoParams({ list: idOrTemplate('Id of a static list.'), lead });

/** By the plan, which says whether the lead was a member before. Exactly what was changed is changed back. */
function takeBackBy(type: ListActionType): NonNullable<ActionSchema['takeBack']> {
  const adds = type === 'marketo.addToList';
  return ({ params: { list, lead: id }, plan }: DoneEffect): TakeBack => {
    if (plan?.['member'] === !adds) {
      return { type: adds ? 'marketo.removeFromList' : 'marketo.addToList', params: { list, lead: id } };
    }
    const cannot =
      plan === undefined
        ? 'It is not known whether the lead was in the list before.'
        : `The lead was ${adds ? 'in' : 'not in'} the list before: nothing was changed.`;
    return { cannot };
  };
}

export const listSchemas: readonly ActionSchema[] = [
  {
    type: 'marketo.addToList',
    destination: 'marketo',
    params: ListParams,
    description: 'Adds a lead to a static list, unless it is there already.',
    writes: addToListWrites,
    takeBack: takeBackBy('marketo.addToList'),
  },
  {
    type: 'marketo.removeFromList',
    destination: 'marketo',
    params: ListParams,
    description: 'Removes a lead from a static list, if it is there.',
    writes: removeFromListWrites,
    takeBack: takeBackBy('marketo.removeFromList'),
  },
];
