/** Blocks of a page, an empty line between them. */
export function blocks(...parts: readonly string[]): string {
  return parts.join('\n\n');
}

/** One paragraph or list, its lines as they stand in the page. */
export function lines(...all: readonly string[]): string {
  return all.join('\n');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return lines(row(head), row(head.map(() => '---')), ...rows.map(row));
}

/** A bar would end the cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** `a`, `b` and `c` */
export function codes(words: Iterable<string>): string {
  const all = [...words].map(code);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

/** A whole file of the rules folder. Its path stands behind the language, where a test finds it and checks the file. */
export function ruleFile(path: string, text: string): string {
  const language = path.endsWith('.csv') ? 'csv' : 'jsonc';
  const body = language === 'csv' ? text.trim() : `// ${path}\n${text.trim()}`;
  return lines(`\`\`\`${language} ${path}`, body, '```');
}

/** A part of a rule. The test puts a whole rule around it. */
export function fragment(kind: 'condition' | 'action', text: string): string {
  return lines(`\`\`\`jsonc ${kind}`, text.trim(), '```');
}
