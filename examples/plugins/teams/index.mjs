/**
 * Posts to a channel of Microsoft Teams, through the workflow "Post to a channel when a webhook request is received".
 *
 * @type {import('signalman/plugin').Plugin<
 *   { text: string, title?: string, link?: string },
 *   { url: string }
 * >}
 */
export default {
  type: 'teams',
  description: 'Posts a message to a channel of Microsoft Teams.',

  params: {
    type: 'object',
    properties: {
      title: {
        type: 'string',
        minLength: 1,
        landing: 'header',
        description: 'The line above the message, in bold.',
      },
      text: { type: 'string', minLength: 1, landing: 'markdown', description: 'The message, as Markdown.' },
      link: { type: 'string', minLength: 1, description: 'Where the button below the message leads.' },
    },
    required: ['text'],
  },

  connection: {
    type: 'object',
    properties: {
      url: {
        type: 'string',
        pattern: '^https?://[^\\s/]+',
        secret: true,
        description: 'The URL of the workflow, as Teams shows it when you make one.',
      },
    },
    required: ['url'],
  },

  // Teams shows a message that comes twice twice.
  repeatable: false,
  timeoutMs: 15_000,

  examples: {
    params: {
      title: 'A hot lead',
      text: 'Lead **{{ leadId }}** asked for a demo.',
      link: 'https://acme.example/leads',
    },
    connection: { url: 'https://flows.acme.example/workflows/7/run?sig=an-example-of-a-signature' },
  },

  async send({ params, connection, effect }, { http }) {
    const answer = await http.send({
      method: 'POST',
      url: connection.url,
      headers: { 'content-type': 'application/json', 'x-ms-client-tracking-id': effect.id },
      body: JSON.stringify({ type: 'message', attachments: [cardOf(params)] }),
    });
    const failure = http.failureOf(answer);
    if (failure) throw failure;
    return { summary: `posted (${answer.status})` };
  },
};

/** @param {{ text: string, title?: string, link?: string }} message */
function cardOf({ title, text, link }) {
  const words = [
    ...(title ? [{ type: 'TextBlock', text: title, size: 'Large', weight: 'Bolder', wrap: true }] : []),
    { type: 'TextBlock', text, wrap: true },
  ];
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: words,
      ...(link ? { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: link }] } : {}),
    },
  };
}
