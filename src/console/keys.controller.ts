import { Body, Delete, Get, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiKeys } from '../access/api-keys.js';
import type { Key, ListedKey } from '../access/key.js';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import { nearest } from '../contracts/nearest.js';
import { Api } from './api.js';
import { badRequest } from './api-error.js';
import type { AdmittedRequest } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CHECKED, JsonBody } from './checked-input.js';
import { CreateKeyDto } from './create-key.dto.js';
import { Requires } from './requires.js';

/** The API keys. */
@Api('keys')
@Requires('admin')
export class KeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly changes: ChangeLog,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  @Get()
  async list(): Promise<{ keys: ListedKey[] }> {
    return { keys: await this.keys.list() };
  }

  /** `key` of the answer is what its holder presents; it is shown this once. */
  @Post()
  async create(
    @Body(JsonBody, CHECKED) wanted: CreateKeyDto,
    @Req() request: AdmittedRequest,
  ): Promise<Key & { key: string }> {
    const { name, role, source } = wanted;
    if (source !== undefined) this.checkSource(source);
    const to = source === undefined ? {} : { source };
    const { key, text } = await this.keys.create({ name, role, ...to, createdBy: request.caller.id });
    await this.changes.write(request, { what: 'key.created', target: key.id, detail: `${role} "${name}"` });
    return { ...key, key: text };
  }

  @Delete(':id')
  async revoke(@Param('id') id: string, @Req() request: AdmittedRequest): Promise<{ revoked: Key }> {
    const revoked = await this.keys.revoke(id);
    const detail = `${revoked.role} "${revoked.name}"`;
    await this.changes.write(request, { what: 'key.revoked', target: id, detail });
    return { revoked };
  }

  private checkSource(source: string): void {
    const { sources } = this.connections;
    if (Object.hasOwn(sources, source)) return;
    const near = nearest(source, Object.keys(sources));
    throw badRequest(`There is no source "${source}".${near === undefined ? '' : ` Did you mean ${near}?`}`);
  }
}
