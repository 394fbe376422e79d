/** The arrows of docs/architecture.md, as rules. A room may import only what its entry lists. */
const rooms = {
  contracts: [],
  catalogue: ['contracts'],
  config: ['contracts'],
  observability: ['contracts', 'config'],
  redis: ['contracts', 'config', 'observability'],
  journal: ['contracts', 'config', 'observability', 'redis'],
  queues: ['contracts', 'config', 'observability', 'redis', 'journal'],
  state: ['contracts', 'config', 'observability', 'redis'],
  access: ['contracts', 'config', 'observability', 'redis', 'journal', 'state'],
  ingest: [
    'contracts',
    'catalogue',
    'config',
    'observability',
    'redis',
    'queues',
    'journal',
    'state',
    'access',
  ],
  // What Adobe keeps for us and what it knows of us: its journal, its registrations.
  'adobe-io': ['contracts', 'config', 'observability', 'redis', 'queues', 'journal', 'state'],
  // What stands in files.
  backfill: ['contracts', 'catalogue', 'config', 'observability', 'redis', 'queues', 'journal', 'state'],
  // What should have come and did not.
  watch: ['contracts', 'config', 'observability', 'redis', 'queues', 'journal', 'state', 'adobe-io'],
  // Outbound requests: one client, its refusals of private addresses, what an answer's status means.
  http: ['contracts'],
  // Marketo's REST API, for whoever needs it: to act, to look leads up, to see what the day's calls come to.
  marketo: ['contracts', 'config', 'observability', 'redis', 'queues', 'journal', 'state', 'http'],
  actions: [
    'contracts',
    'catalogue',
    'config',
    'observability',
    'redis',
    'queues',
    'state',
    'http',
    'marketo',
  ],
  rules: [
    'contracts',
    'catalogue',
    'config',
    'observability',
    'redis',
    'queues',
    'journal',
    'state',
    'ingest',
    'marketo',
    'actions',
  ],
  delivery: ['contracts', 'config', 'observability', 'redis', 'queues', 'journal', 'state', 'actions'],
  console: [
    'contracts',
    'config',
    'observability',
    'redis',
    'queues',
    'journal',
    'state',
    'access',
    'adobe-io',
    'watch',
    // What became of effects.
    'delivery',
  ],
  sandbox: ['contracts', 'config'],
  cli: [
    'backfill',
    'access',
    'adobe-io',
    'watch',
    'contracts',
    'catalogue',
    'config',
    'observability',
    'redis',
    'queues',
    'journal',
    'state',
    'ingest',
    'http',
    'marketo',
    'rules',
    'actions',
    'delivery',
    'sandbox',
  ],
};

const arrows = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports`,
  comment: `${room}/ may import: ${allowed.join(', ') || 'nothing'} (docs/architecture.md).`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/(${[room, ...allowed].join('|')})/`] },
}));

const PURE =
  '^src/(contracts/|catalogue/|ingest/(normalise/|read-batch\\.ts)|rules/(engine|flow|memory|templates)/)';

module.exports = {
  forbidden: [
    ...arrows,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'rules-see-only-the-shapes-of-actions',
      comment: 'The judge knows the parameters of an action, never how it is sent.',
      severity: 'error',
      from: { path: '^src/rules/' },
      to: { path: '^src/actions/', pathNot: ['^src/actions/action-schemas\\.ts$'] },
    },
    {
      name: 'rooms-have-a-public-face',
      comment:
        "A room's root files are its public face, its folders are private; the command line opens those of rules/.",
      severity: 'error',
      from: { path: '^src/([^/]+)' },
      to: {
        path: '^src/[^/]+/[^/]+/',
        pathNot: ['^src/$1/', '^src/rules/(engine|loading|memory|reference|trial)/[^/]+\\.ts$'],
      },
    },
    {
      name: 'thinking-is-pure',
      comment: 'Reading, deciding and rendering have no clock and no input or output.',
      severity: 'error',
      from: { path: PURE, pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto)$' },
    },
    {
      name: 'thinking-has-no-framework',
      comment: 'Reading, deciding and rendering run anywhere: in a worker, in a test, on the command line.',
      severity: 'error',
      from: { path: PURE, pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/(@nestjs|bullmq|ioredis|rxjs|fastify|undici|nodemailer)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
