import { Get, Query } from '@nestjs/common';
import { Journal } from '../journal/journal.js';
import type { AuditRecord } from '../journal/journal-entry.js';
import { Api } from './api.js';
import { CHECKED } from './checked-input.js';
import { LimitQuery } from './limit.query.js';
import { Requires } from './requires.js';

/** What people changed, newest first. */
@Api('audit')
@Requires('admin')
export class AuditController {
  constructor(private readonly journal: Journal) {}

  @Get()
  async list(@Query(CHECKED) { limit }: LimitQuery): Promise<{ changes: AuditRecord[] }> {
    const entries = await this.journal.latest('audit', limit);
    return { changes: entries.flatMap((entry) => (entry.kind === 'audit' ? [entry.audit] : [])) };
  }
}
