import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';

/** Bodies that came while a write was under way, and what is to be done when they are stored. */
interface Waiting {
  readonly body: Buffer;
  readonly answer: () => void;
}

/**
 * The least that a server can do which answers when the bytes are stored: `node:http` and one SET before each answer.
 * It checks nothing and knows nothing of jobs. With GROUP=yes bodies that come while a write is under way share the
 * next one, as they do at Signalman's door.
 */
const redis = new Redis(process.env['REDIS_URL'] ?? '', { enableAutoPipelining: false });
const grouped = process.env['GROUP'] === 'yes';
let waiting: Waiting[] = [];
let writing = false;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end();
    return;
  }
  void read(request).then(async (body) => {
    const answer = (): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    };
    if (grouped) gather({ body, answer });
    else {
      await redis.set(`body:${randomUUID()}`, body);
      answer();
    }
  });
});

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function gather(one: Waiting): void {
  waiting.push(one);
  if (!writing) void store();
}

async function store(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await redis.set(`body:${randomUUID()}`, Buffer.concat(group.map(({ body }) => body)));
    for (const { answer } of group) answer();
  }
  writing = false;
}

server.listen(Number(process.env['PORT']), '127.0.0.1');
