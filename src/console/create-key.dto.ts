import { IsIn, Matches, ValidateIf } from 'class-validator';
import { KEY_ROLES, type KeyRole } from '../access/key.js';
import { KEY_NAME, KEY_NAME_FORM, KEY_SOURCE, KEY_SOURCE_FORM } from '../access/new-key.js';

/** Body of `POST /api/v1/keys`. */
export class CreateKeyDto {
  @Matches(KEY_NAME, { message: KEY_NAME_FORM })
  name!: string;

  @IsIn(KEY_ROLES, { message: `one of ${KEY_ROLES.join(', ')}` })
  role!: KeyRole;

  // Null is not the same as nothing.
  @ValidateIf((_key, source) => source !== undefined)
  @Matches(KEY_SOURCE, { message: KEY_SOURCE_FORM })
  source?: string;
}
