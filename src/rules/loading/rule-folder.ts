import type { DestinationKind } from '../../contracts/connections.js';
import type { Destinations } from '../destinations.js';
import { listSets } from '../engine/condition.js';
import type { ConditionNode, Rule, RuleSources } from '../rule.js';
import type { CheckContext } from './check-context.js';
import { checkRule, type CheckedRule } from './check-rule.js';
import { deedsOf, doubledActions, type Deeds } from './doubled-actions.js';
import { readFiles, type FolderFile, type FolderListing } from './folder-files.js';
import { error, problemOf, type Problem } from './problem.js';
import { readList, type ListEntries } from './read-list.js';
import { readSharedConditions, type SharedConditions } from './shared-conditions.js';
import { Slices } from './slices.js';

/** What rules can refer to outside their folder. */
export interface RuleSurroundings {
  /** Kind of each connection that actions can name in `to`. */
  readonly destinations: Readonly<Record<string, DestinationKind>>;
  /** The connections themselves, where they are known. */
  readonly connections?: Destinations;
}

export interface RuleFolderReading {
  readonly sources: RuleSources;
  /** By file, line and column. */
  readonly problems: readonly Problem[];
  /** Every file that was looked at. */
  readonly files: readonly string[];
}

/** Reads a rules folder once. A file with an error is left out, and the others are not. Never throws. */
export function readRuleFolder(folder: string, surroundings: RuleSurroundings): Promise<RuleFolderReading> {
  return new RuleFolder(folder, surroundings).read();
}

interface Remembered extends CheckedRule {
  readonly text: string;
  /** What was around the rule when it was checked, other rules aside. */
  readonly contextKey: string;
  readonly ruleIds: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
  readonly deeds: Deeds | undefined;
}

/**
 * A rules folder that is read again and again: what did not change is not checked again, and what broke stays in
 * force as it was last good. What was deleted is gone.
 */
export class RuleFolder {
  private remembered = new Map<string, Remembered>();
  private rules = new Map<string, Rule>();
  private deeds: ReadonlyMap<string, Deeds> = new Map();
  private conditions: ReadonlyMap<string, ConditionNode> = new Map();
  private lists: ReadonlyMap<string, ListEntries> = new Map();
  private context: CheckContext = {
    destinations: {},
    ruleIds: new Set(),
    conditions: new Set(),
    lists: new Map(),
  };
  private contextKey = '';

  constructor(
    private readonly folder: string,
    private readonly surroundings: RuleSurroundings,
  ) {}

  async read(): Promise<RuleFolderReading> {
    const listing = await readFiles(this.folder);
    const problems: Problem[] = [...listing.problems];
    const lists = this.readLists(listing, problems);
    const shared = this.readConditions(listing, lists, problems);
    const isAnyRuleKept = await this.readRules(listing, problems);
    problems.push(...doubledActions(this.deeds));
    // What is kept as it was may need conditions and lists that are gone.
    const isAnyKept = isAnyRuleKept || shared.isAnyKept;
    this.conditions = isAnyKept ? new Map([...this.conditions, ...shared.usable]) : shared.usable;
    this.lists = isAnyKept ? new Map([...this.lists, ...lists]) : lists;
    const sources = {
      rules: [...this.rules.values()],
      conditions: Object.fromEntries(this.conditions),
      lists: Object.fromEntries(this.lists),
    };
    return { sources, problems: problems.sort(byPlace), files: listing.files.map(({ file }) => file) };
  }

  private readLists(listing: FolderListing, problems: Problem[]): Map<string, ListEntries> {
    const lists = new Map<string, ListEntries>();
    const files = new Map<string, string>();
    for (const { file, name, text } of ofKind(listing, 'list')) {
      const other = files.get(name);
      if (other !== undefined) {
        problems.push(problemOf(file, error('list.twice', `the list "${name}" is already in ${other}`)));
        continue;
      }
      files.set(name, file);
      const read = text === undefined ? { problems: [] } : readList(file, text);
      problems.push(...read.problems);
      const entries = read.entries ?? this.lists.get(name);
      if (entries !== undefined) lists.set(name, entries);
    }
    return keepUnreadable(lists, this.lists, this.isUnreadable(listing, 'lists'));
  }

  private readConditions(
    listing: FolderListing,
    lists: ReadonlyMap<string, ListEntries>,
    problems: Problem[],
  ): SharedConditions {
    const files = ofKind(listing, 'condition');
    const isUnreadable = this.isUnreadable(listing, 'conditions');
    const known = new Set([
      ...files.map(({ name }) => name),
      ...(isUnreadable ? this.conditions.keys() : []),
    ]);
    const sets = listSets({ lists: Object.fromEntries(lists) });
    const texts = files.filter((file): file is FolderFile & { text: string } => file.text !== undefined);
    const shared = readSharedConditions(texts, { lists: sets, known, before: this.conditions });
    problems.push(...shared.problems);
    const broken = new Set([...known].filter((name) => !shared.usable.has(name)));
    this.renew({
      ...this.surroundings,
      ruleIds: this.ruleIds(listing),
      conditions: known,
      brokenConditions: broken,
      beyondEvent: shared.beyondEvent,
      factNames: shared.factNames,
      lists: sets,
    });
    return shared;
  }

  /** Those whose files are there, and those of which it is not known. */
  private ruleIds(listing: FolderListing): ReadonlySet<string> {
    const kept = [...this.rules].filter(([file]) => isHidden(file, listing)).map(([, { id }]) => id);
    const ids = new Set([...ofKind(listing, 'rule').map(({ name }) => name), ...kept]);
    const before = this.context.ruleIds;
    // The same set as before stays the same object, so that remembered verdicts hold.
    return ids.size === before.size && [...ids].every((id) => before.has(id)) ? before : ids;
  }

  private renew(context: CheckContext): void {
    const { conditions, brokenConditions = [], beyondEvent = [], factNames = [], lists } = context;
    const parts = [conditions, brokenConditions, beyondEvent, factNames, lists.keys()];
    this.contextKey = JSON.stringify(parts.map((part) => [...part]));
    this.context = context;
  }

  /** @returns true when a rule that broke stays in force as it was */
  private async readRules(listing: FolderListing, problems: Problem[]): Promise<boolean> {
    const rules = new Map<string, Rule>();
    const remembered = new Map<string, Remembered>();
    const deeds = new Map<string, Deeds>();
    let isAnyKept = false;
    const slices = new Slices();
    for (const { file, name, text } of ofKind(listing, 'rule')) {
      const checked = text === undefined ? undefined : this.check(file, name, text);
      if (checked !== undefined) {
        remembered.set(file, checked);
        problems.push(...checked.problems);
        if (checked.deeds !== undefined) deeds.set(file, checked.deeds);
      }
      const lastGood = this.rules.get(file);
      const rule = checked?.rule ?? lastGood;
      isAnyKept ||= checked?.rule === undefined && lastGood !== undefined;
      if (rule !== undefined) rules.set(file, rule);
      if (slices.isOver) await slices.next();
    }
    for (const [file, rule] of this.rules) {
      if (!isHidden(file, listing)) continue;
      rules.set(file, rule);
      isAnyKept = true;
    }
    this.rules = rules;
    this.deeds = deeds;
    this.remembered = remembered;
    return isAnyKept;
  }

  private check(file: string, id: string, text: string): Remembered {
    const { context, contextKey } = this;
    const { ruleIds } = context;
    const now = Date.now();
    const before = this.remembered.get(file);
    if (before?.text === text && before.contextKey === contextKey && holdsStill(before, ruleIds, now)) {
      return before;
    }
    const checked = checkRule({ file, id, text }, context);
    const { rule, actionPlaces } = checked;
    const deeds = rule === undefined ? undefined : deedsOf(rule, actionPlaces);
    return { ...checked, text, contextKey, ruleIds, checkedAt: now, deeds };
  }

  private isUnreadable({ unreadable }: FolderListing, inner: string): boolean {
    return unreadable.some(
      (beginning) => !beginning.slice(0, -1).includes('/') || beginning.endsWith(`/${inner}/`),
    );
  }
}

/** Few rules name others, so that one more file does not ask for all to be checked anew. */
function holdsStill(
  { rule, checkedAt, ruleIds: before }: Remembered,
  ruleIds: ReadonlySet<string>,
  now: number,
): boolean {
  if (rule === undefined) return before === ruleIds;
  const { inhibitedBy, expires } = rule;
  const hasEnded = expires !== undefined && expires > checkedAt && expires <= now;
  return !hasEnded && (inhibitedBy === undefined || before === ruleIds);
}

/** True when the file lies in a folder that could not be read. */
function isHidden(file: string, { unreadable }: FolderListing): boolean {
  return unreadable.some((beginning) => file.startsWith(beginning));
}

function ofKind({ files }: FolderListing, kind: FolderFile['kind']): readonly FolderFile[] {
  return files.filter((file) => file.kind === kind);
}

function keepUnreadable<V>(
  fresh: Map<string, V>,
  before: ReadonlyMap<string, V>,
  isUnreadable: boolean,
): Map<string, V> {
  return isUnreadable ? new Map([...before, ...fresh]) : fresh;
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
