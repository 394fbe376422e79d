import { basename } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { watch, type FSWatcher } from 'chokidar';
import { Subject, type Observable } from 'rxjs';
import { APP_CONFIG, CONNECTIONS, type AppConfig } from '../../config/app-config.js';
import type { Connections } from '../../contracts/connections.js';
import { Health, type HealthDetail } from '../../observability/health.js';
import { Metrics } from '../../observability/metrics.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { RuleSources } from '../rule.js';
import { compileSources, type CompiledSources } from './compile-sources.js';
import { formatProblem, type Problem } from './problem.js';
import { RuleFolder } from './rule-folder.js';

/** Editors and deployments write in bursts, which are gathered for so long before they are read, milliseconds. */
const GATHER_MS = 50;

const NO_SOURCES: RuleSources = { rules: [], conditions: {}, lists: {} };

/** The rule set in force. Follows the rules folder and swaps the whole set at once. */
@Injectable()
export class RuleStore implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(RuleStore.name);
  private readonly swapped = new Subject<RuleSet>();
  private readonly folder: RuleFolder;
  private inForce: CompiledSources;
  private found: readonly Problem[] = [];
  private running: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private watcher: FSWatcher | undefined;

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'rulesDir'>,
    @Inject(CONNECTIONS) connections: Pick<Connections, 'destinations'>,
    private readonly metrics: Metrics,
    health: Health,
  ) {
    const kinds = Object.entries(connections.destinations).map(([name, { kind }]) => [name, kind] as const);
    this.folder = new RuleFolder(config.rulesDir, { destinations: Object.fromEntries(kinds) });
    this.inForce = compileSources(basename(config.rulesDir), NO_SOURCES);
    health.register('rules', () => this.health());
  }

  /** Emits each rule set as it comes into force. */
  get swaps(): Observable<RuleSet> {
    return this.swapped.asObservable();
  }

  current(): RuleSet {
    return this.inForce.ruleSet;
  }

  /** What the rule set in force was made from. */
  sources(): RuleSources {
    return this.inForce.sources;
  }

  /** What is wrong in the folder as it was last read, by file, line and column. */
  problems(): readonly Problem[] {
    return this.found;
  }

  async onModuleInit(): Promise<void> {
    await this.reload();
    await this.follow();
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.timer);
    await this.watcher?.close();
    await this.running;
    this.swapped.complete();
  }

  /**
   * Reads the folder and brings what it holds into force. Calls that come while one is under way share the next,
   * which begins after it and so sees what they wanted to be seen.
   */
  reload(): Promise<void> {
    if (this.waiting !== undefined) return this.waiting;
    const turn = this.running.then(() => {
      this.waiting = undefined;
      return this.load();
    });
    this.waiting = turn;
    this.running = turn.catch(() => undefined);
    return turn;
  }

  private async load(): Promise<void> {
    const { sources, problems } = await this.folder.read();
    const compiled = compileSources(basename(this.config.rulesDir), sources);
    const hasChanged = compiled.ruleSet.version !== this.inForce.ruleSet.version;
    this.report([...problems, ...compiled.problems]);
    this.metrics.rulesLoaded.set(compiled.ruleSet.size);
    if (!hasChanged) return;
    this.inForce = compiled;
    this.logger.log(`${compiled.ruleSet.size} rules in force, version ${compiled.ruleSet.version}`);
    this.swapped.next(compiled.ruleSet);
  }

  /** Each problem is logged once, when it appears; metrics and health show it until it is mended. */
  private report(problems: readonly Problem[]): void {
    const known = new Set(this.found.map(formatProblem));
    for (const problem of problems) {
      const line = formatProblem(problem);
      if (known.has(line)) continue;
      if (problem.severity === 'error') this.logger.error(line);
      else this.logger.warn(line);
    }
    this.found = problems;
    for (const severity of ['error', 'warning'] as const) {
      this.metrics.ruleProblems.set({ severity }, this.count(severity));
    }
  }

  private count(severity: Problem['severity']): number {
    return this.found.filter((problem) => problem.severity === severity).length;
  }

  /** Always ready: a rule file that cannot be used must not take the whole service away. */
  private health(): HealthDetail {
    const rules = `${this.current().size} rules in force`;
    return { ok: true, detail: `${rules}, ${this.count('error')} errors, ${this.count('warning')} warnings` };
  }

  private async follow(): Promise<void> {
    const watcher = watch(this.config.rulesDir, { ignoreInitial: true, followSymlinks: false });
    this.watcher = watcher;
    watcher.on('all', () => {
      // Not put off by later events: a folder that never comes to rest is read all the same.
      this.timer ??= setTimeout(() => void this.reloadQuietly(), GATHER_MS);
    });
    watcher.on('error', (cause) => {
      this.logger.error(`The rules folder cannot be watched: ${String(cause)}`);
    });
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    // What changed between the first reading and the first watching.
    await this.reload();
  }

  private async reloadQuietly(): Promise<void> {
    this.timer = undefined;
    try {
      await this.reload();
    } catch (cause) {
      this.logger.error(`The rules were not reloaded: ${String(cause)}`);
    }
  }
}
