import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { counted } from '../contracts/counted.js';
import { permanent } from '../contracts/failure.js';
import { nearest } from '../contracts/nearest.js';
import type { FactScope } from '../rules/engine/facts.js';
import { compileRuleSet } from '../rules/engine/rule-set.js';
import { typeMatches } from '../rules/engine/type-pattern.js';
import type { Outcome } from '../rules/outcome.js';
import type { Rule, RuleSources } from '../rules/rule.js';
import { explainOutcome, type TrialQuestion } from '../rules/trial/explain-outcome.js';
import { runTrial } from '../rules/trial/run-trial.js';
import { readEventFile } from './events/event-file.js';
import { loadRules } from './app/load-rules.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
The file holds one event or an array of them: as Adobe or a CloudEvents sender posts them, or in the short form of
test files, such as { "type": "marketo.activity.newlead", "leadId": "7" }. Nothing is sent. Throttles and all
memory start empty, nobody in Marketo is asked, and silences do not count: what came of an event in earnest, and until
when it waits, \`signalman journal decisions\` says.

Examples:
  $ signalman explain samples/lead-activity.json
  $ signalman explain samples/user-audit-batch.json --rule audit/failed-login`;

/** Says for each event which rules would act, those first, and why the others would not. */
export function explainCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('explain')
    .description('say why each rule would fire or not on the events of a file')
    .argument('<file>', 'events as JSON, comments allowed; see samples/')
    .option('--rule <id>', 'only this rule, such as leads/us-without-state')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { rule }: { rule?: string }) => {
      const { rulesDir, connectionsFile } = config();
      const { sources } = await loadRules(rulesDir, { connectionsFile });
      const { events, unreadable } = await readEventFile(file, new Date());
      for (const line of unreadable) terminal.complain(`${file} ${line}`);
      if (unreadable.length > 0) terminal.fail();
      await explainEvents(events, rule === undefined ? sources : only(rule, sources), terminal);
    });
}

async function explainEvents(
  events: readonly CanonicalEvent[],
  sources: RuleSources,
  { print, paint }: Terminal,
): Promise<void> {
  // As if each had come in when it happened, so that what waits does not wait from today on.
  const received = events.map((event) => ({ ...event, receivedAt: event.time }));
  const { outcomes, scopes } = await runTrial(compileRuleSet(sources), received);
  for (const event of events) {
    print(paint.bold(`${event.type}  ${event.time}  ${event.id}`));
    const concerned = sources.rules.filter(({ on }) => typeMatches(on, event.type));
    // One that was asked for by name is told of in any case.
    const told = sources.rules.length === 1 ? sources.rules : concerned;
    const questions = told.map((rule) => ({
      ...{ rule, sources, scope: scopes.get(event.id) as FactScope },
      outcomes: outcomes.filter((each) => each.eventId === event.id && each.rule.id === rule.id),
    }));
    const matched = questions.filter((each) => each.outcomes.length > 0);
    const others = questions.filter((each) => each.outcomes.length === 0);
    for (const question of [...matched, ...others]) await explainRule(question, { print, paint });
    const elsewhere = sources.rules.length - concerned.length;
    if (elsewhere > 0 && sources.rules.length > 1)
      print(paint.dim(`  - ${counted(elsewhere, 'rule')} on other events`));
  }
}

async function explainRule(
  question: TrialQuestion,
  { print, paint }: Pick<Terminal, 'print' | 'paint'>,
): Promise<void> {
  const [first = '', ...others] = await explainOutcome(question);
  print(`  ${mark(question.outcomes.at(-1), paint)} ${question.rule.id}: ${first}`);
  for (const line of others) print(`      ${paint.dim(line)}`);
}

function mark(outcome: Outcome | undefined, paint: Terminal['paint']): string {
  switch (outcome?.outcome) {
    case undefined:
      return paint.dim('-');
    case 'fired':
      return paint.green('✓');
    case 'failed':
      return paint.red('✗');
    default:
      return paint.yellow('~');
  }
}

function only(id: string, sources: RuleSources): RuleSources {
  const rules = sources.rules.filter((rule: Rule) => rule.id === id);
  if (rules.length > 0) return { ...sources, rules };
  const near = nearest(
    id,
    sources.rules.map((rule) => rule.id),
  );
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw permanent('rule.unknown', `There is no rule ${id} in force.${hint}`);
}
