import { actionsSection } from './actions-section.js';
import { conditionsSection } from './conditions-section.js';
import { eventNames } from './event-names.js';
import { factsSection } from './facts-section.js';
import { flowSection } from './flow-section.js';
import { loopsSection } from './loops-section.js';
import { memorySection } from './memory-section.js';
import { modeSection } from './mode-section.js';
import { scheduleSection } from './schedule-section.js';
import { blocks, lines } from './markdown.js';
import { operatorsSection } from './operators-section.js';
import { templatesSection } from './templates-section.js';
import { testsSection } from './tests-section.js';
import { trapsSection } from './traps-section.js';
import { wholeRule } from './whole-rule.js';

/** The reference of the rule language as Markdown, made from what the checker and the engine themselves know. */
export function rulesPage(): string {
  const page = blocks(
    '# The rule language',
    lines(
      '<!-- Written by `npx signalman schema` from the tables that the program itself uses. Change it in',
      'src/rules/reference, not here. -->',
    ),
    lines(
      'For people who run marketing: you know Marketo, Slack and a text editor. Nothing here needs programming. Every',
      'example on this page is checked by the program itself.',
    ),
    wholeRule(),
    eventNames(),
    factsSection(),
    memorySection(),
    conditionsSection(),
    operatorsSection(),
    trapsSection(),
    flowSection(),
    scheduleSection(),
    loopsSection(),
    modeSection(),
    actionsSection(),
    templatesSection(),
    testsSection(),
  );
  return `${page}\n`;
}
