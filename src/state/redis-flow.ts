import { Injectable } from '@nestjs/common';
import type { ChainableCommander, Redis } from 'ioredis';
import type { FlowStep, FlowStore, HeldBack, Kept, Passage, Passed, Ripe } from '../contracts/flow.js';
import { DUE_KEY, memoKey, STORED_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { actsAlone, answerAtOnce, NOTHING_HELD_BACK, passageId } from './flow-passage.js';
import { PASS_FLOW } from './flow-pass-script.js';
import { LEND_RIPE, SETTLE_RIPE } from './flow-ripe-script.js';

/** Passages of one script: while it runs Redis answers nobody else. */
const AT_ONCE = 200;

interface FlowCommands extends Redis {
  lendRipe(dueKey: string, now: number, limit: number): Promise<string[]>;
  settleRipe(dueKey: string, ...ids: string[]): Promise<null>;
}

interface FlowPipeline extends ChainableCommander {
  passFlow(...keysAndArguments: (string | number)[]): this;
}

type HeldList = readonly [count: number, ...events: string[]];

/** As `PASS_FLOW` tells it. Members are what was kept of them, as text; 0 is the event of the passage itself. */
type ScriptAnswer =
  | Exclude<Passed, { kind: 'acts' }>
  | {
      readonly kind: 'acts';
      readonly members: readonly (string | 0)[];
      readonly held: HeldList;
      readonly joint: boolean;
      readonly holding?: Extract<Passed, { kind: 'acts' }>['held'];
    };

interface ScriptRipe {
  readonly id: string;
  readonly rule: string;
  readonly step: Extract<FlowStep, Ripe['step']>;
  readonly due: number;
  readonly members: readonly string[];
  readonly held: HeldList;
  readonly follow?: string;
}

/** Flows in Redis, in the hashes of owners. The memo of a batch goes with its claims, when it is closed. */
@Injectable()
export class RedisFlow implements FlowStore {
  private readonly redis: FlowCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('passFlow', { numberOfKeys: 3, lua: PASS_FLOW });
    redis.defineCommand('lendRipe', { numberOfKeys: 1, lua: LEND_RIPE });
    redis.defineCommand('settleRipe', { numberOfKeys: 1, lua: SETTLE_RIPE });
    this.redis = redis as FlowCommands;
  }

  async pass(batch: string, passages: readonly Passage[], now: number): Promise<readonly Passed[]> {
    const open = new Map<string, Passage>();
    const asked = passages.map((passage) => {
      const id = passageId(batch, passage);
      const atOnce = answerAtOnce(batch, passage);
      // Of several that are the same the first is the one that is answered.
      if (atOnce === undefined && !open.has(id)) open.set(id, passage);
      return { passage, id, atOnce };
    });
    const answers = await this.ask(batch, [...open], now);
    return asked.map(({ passage, id, atOnce }) => atOnce ?? passedOf(passage, answers.get(id) as string));
  }

  async ripe(now: number, limit: number): Promise<readonly Ripe[]> {
    const ripe = (await this.redis.lendRipe(DUE_KEY, now, limit)).map(ripeOf);
    // What was lent before and not settled is found by the end of its loan.
    return ripe.sort((a, b) => a.dueAt - b.dueAt);
  }

  async settle(ripe: readonly Ripe[]): Promise<void> {
    if (ripe.length === 0) return;
    await this.redis.settleRipe(DUE_KEY, ...ripe.map(({ id }) => id));
  }

  /** The time of Redis, epoch milliseconds: one for all workers, whatever their own clocks say. */
  async time(): Promise<number> {
    const [seconds, microseconds] = await this.redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  async nextDue(): Promise<number | undefined> {
    const [, score] = await this.redis.zrange(DUE_KEY, '0', '0', 'WITHSCORES');
    return score === undefined ? undefined : Number(score);
  }

  private async ask(
    batch: string,
    passages: readonly (readonly [id: string, passage: Passage])[],
    now: number,
  ): Promise<ReadonlyMap<string, string>> {
    if (passages.length === 0) return new Map();
    const pipeline = this.redis.pipeline() as FlowPipeline;
    for (let from = 0; from < passages.length; from += AT_ONCE) {
      const some = passages.slice(from, from + AT_ONCE).flatMap(([id, passage]) => argumentsOf(id, passage));
      pipeline.passFlow(memoKey(batch), DUE_KEY, STORED_KEY, batch, now, ...some);
    }
    const answers = ((await pipeline.exec()) ?? []).flatMap(([error, some]) => {
      if (error) throw error;
      return some as string[];
    });
    return new Map(passages.map(([id], index) => [id, answers[index] as string]));
  }
}

/** The id of the event stands for itself: a script cannot read every text that JSON can hold. */
function argumentsOf(id: string, { kept, waited, ...asked }: Passage): [string, string, string] {
  const { count, events } = waited?.heldBack ?? NOTHING_HELD_BACK;
  const mayWait = asked.sequence ?? asked.notBefore ?? asked.group ?? asked.again;
  return [
    JSON.stringify({ ...asked, id, held: [count, ...events] }),
    kept.event.id,
    mayWait === undefined ? '' : JSON.stringify(kept),
  ];
}

function passedOf(passage: Passage, text: string): Passed {
  const answer = JSON.parse(text) as ScriptAnswer;
  if (answer.kind !== 'acts') return answer;
  const heldBack = heldBackOf(answer.held);
  const held = answer.holding === undefined ? {} : { held: answer.holding };
  const alone = { ...actsAlone(passage, heldBack), ...held };
  const members = answer.members.flatMap((member) => (member === 0 ? alone.members : [keptOf(member)]));
  if (answer.joint) return { kind: 'acts', members, heldBack, ...held };
  return passage.step === 'then' ? { kind: 'acts', members, follow: passage.kept, heldBack, ...held } : alone;
}

function ripeOf(text: string): Ripe {
  const { id, rule, step, due, members, held, follow } = JSON.parse(text) as ScriptRipe;
  return {
    id,
    ruleId: rule,
    step,
    members: members.map(keptOf),
    ...(follow === undefined ? {} : { follow: keptOf(follow) }),
    heldBack: heldBackOf(held),
    dueAt: due,
  };
}

function heldBackOf([count, ...events]: HeldList): HeldBack {
  return { count, events };
}

function keptOf(text: string): Kept {
  return JSON.parse(text) as Kept;
}
