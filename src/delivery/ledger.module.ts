import { Module } from '@nestjs/common';
import { EffectLedger } from './effect-ledger.js';

// In: claims and ends of attempts. Out: whether an attempt may begin, what became of those before.
// Owns: the effect ledger.
@Module({ providers: [EffectLedger], exports: [EffectLedger] })
export class LedgerModule {}
