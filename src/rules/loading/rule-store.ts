import { basename } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import { APP_CONFIG, CONNECTIONS, type AppConfig } from '../../config/app-config.js';
import type { Connections } from '../../contracts/connections.js';
import { Health, type HealthDetail } from '../../observability/health.js';
import { Metrics } from '../../observability/metrics.js';
import { destinationKinds } from '../destinations.js';
import { compileRuleSet, type RuleSet } from '../engine/rule-set.js';
import type { RuleSources } from '../rule.js';
import { prepareActionShapes } from './check-actions.js';
import { compileSources, type CompiledSources } from './compile-sources.js';
import { counted } from '../../contracts/counted.js';
import { FolderWatcher } from './folder-watcher.js';
import type { Problem } from './problem.js';
import { ProblemLog } from './problem-log.js';
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
  private readonly watcher: FolderWatcher;
  private readonly log = new ProblemLog(this.logger);
  private inForce: CompiledSources;
  private found: readonly Problem[] = [];
  private running: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'rulesDir'>,
    @Inject(CONNECTIONS) connections: Pick<Connections, 'destinations'>,
    private readonly metrics: Metrics,
    health: Health,
  ) {
    this.folder = new RuleFolder(config.rulesDir, {
      destinations: destinationKinds(connections.destinations),
      connections: connections.destinations,
    });
    this.watcher = new FolderWatcher(config.rulesDir, {
      // Not put off by later events: a folder that never comes to rest is read all the same.
      change: () => (this.timer ??= setTimeout(() => void this.reloadQuietly(), GATHER_MS)),
      failure: (cause) => {
        this.logger.error(`The rules folder cannot be watched: ${String(cause)}`);
      },
    });
    this.inForce = { ruleSet: compileRuleSet(NO_SOURCES), sources: NO_SOURCES, problems: [] };
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
    prepareActionShapes();
    await this.reload();
    await this.watcher.start();
    // What changed between the first reading and the first watching.
    await this.reload();
  }

  async onModuleDestroy(): Promise<void> {
    await this.watcher.close();
    clearTimeout(this.timer);
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
    const { sources, problems, files } = await this.folder.read();
    const compiled = await compileSources(basename(this.config.rulesDir), sources);
    const hasChanged = compiled.ruleSet.version !== this.inForce.ruleSet.version;
    this.found = [...problems, ...compiled.problems];
    this.log.report({ problems: this.found, inForce: compiled.sources, files });
    if (hasChanged) this.inForce = compiled;
    this.count();
    if (!hasChanged) return;
    this.logger.log(
      `${counted(compiled.ruleSet.size, 'rule')} in force, version ${compiled.ruleSet.version}`,
    );
    this.swapped.next(compiled.ruleSet);
  }

  private count(): void {
    this.metrics.rulesLoaded.set(this.current().size);
    this.metrics.ruleProblems.set({ severity: 'error' }, this.countOf('error'));
    this.metrics.ruleProblems.set({ severity: 'warning' }, this.countOf('warning'));
  }

  private countOf(severity: Problem['severity']): number {
    return this.found.filter((problem) => problem.severity === severity).length;
  }

  /** What cannot be read takes the service away only when nothing else is in force. */
  private health(): HealthDetail {
    const { size } = this.current();
    const errors = this.countOf('error');
    const root = this.found.find(({ code }) => code === 'folder.root-unreadable');
    const counts = `${counted(size, 'rule')} in force, ${counted(errors, 'error')}, ${counted(this.countOf('warning'), 'warning')}`;
    return {
      ok: size > 0 || errors === 0,
      detail: root === undefined ? counts : `${counts}: ${root.message}`,
    };
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
