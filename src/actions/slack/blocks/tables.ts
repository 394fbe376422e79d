import { Type } from '@sinclair/typebox';
import { richText } from './rich-text.js';
import { closed, code, flag, list, oneOf, typed, words } from './texts.js';

/** Slack counts the characters of all cells together. */
const ALL_CELLS = 10_000;
const COLUMNS = 20;
const ROWS = 100;

/** Like rich text, cells are shown as they are. */
const cellText = words(ALL_CELLS, 'text', 'all cells of tables');

const cell = Type.Union([
  typed('raw_text', { text: cellText }),
  typed('raw_number', { value: Type.Number(), text: cellText }),
  richText,
]);

const block_id = Type.Optional(code(255));

export const table = typed('table', {
  block_id,
  rows: list(list(cell, 1, COLUMNS), 1, ROWS),
  column_settings: Type.Optional(
    list(closed({ align: Type.Optional(oneOf('left', 'center', 'right')), is_wrapped: flag }), 1, COLUMNS),
  ),
});

export const dataTable = typed('data_table', {
  block_id,
  caption: words(2_000),
  rows: list(list(cell, 1, COLUMNS), 2, ROWS + 1),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  row_header_column_index: Type.Optional(Type.Integer({ minimum: 0, maximum: COLUMNS - 1 })),
});
