/** For each action an example, and what its schema does not say. */
export const ACTION_EXAMPLES: Readonly<Record<string, { readonly example: string; readonly note?: string }>> =
  {
    slack: {
      note:
        "Texts that are longer than Slack's limits are cut and end in an ellipsis, empty ones inside `blocks` become a " +
        'dash; blocks that Slack would refuse are an error when the rule is loaded. `thread`, `update` and `channel` need a ' +
        'connection with a bot token. Each channel gets one message a second; the others wait.',
      example: `
{
  "type": "slack",
  "params": {
    "to": "ops-bot",
    "thread": "lead {{ leadId }}",
    "text": ":wave: Lead {{ leadId }} from {{lead.Country:default=somewhere}} is here.",
    "blocks": [
      { "type": "section", "text": { "type": "mrkdwn", "text": "*{{lead.First Name:default=Somebody}}* is here." } },
      { "type": "context", "elements": [{ "type": "mrkdwn", "text": "From {{lead.Country:default=somewhere}}" }] },
    ],
  },
}`,
    },
    email: {
      note:
        'The connection may say that no recipient gets more than so many mails an hour, and that mails are gathered and ' +
        'sent as one every so often. Recipients whom the server puts off are tried again alone.',
      example: `
{
  "type": "email",
  "params": {
    "to": "oncall",
    "subject": "{{ data.userId }} deleted something in {{ munchkinId }}",
    "text": "Component: {{ data.componentType }} {{ data.componentId }}\\nAt: {{ time | date: '%d %b %Y, %H:%M' }} UTC",
  },
}`,
    },
    webhook: {
      example: `
{ "type": "webhook", "params": { "to": "receiver", "body": { "lead": "{{ leadId }}", "form": "{{trigger.Name}}", "at": "{{ time }}" } } }`,
    },
    emit: {
      note:
        'A rule that has its type in `on` sees it like any other event, a moment later. An emitted event may make a rule ' +
        'emit another, but not [for ever](#loops-what-a-rule-writes-comes-back).',
      example: `
{ "type": "emit", "params": { "type": "acme.lead.hot", "data": { "form": "{{trigger.Name}}", "score": "{{ lead.leadScore }}" } } }`,
    },
    'marketo.addToList': {
      note:
        'The number of a list is in the address bar when you open it in Marketo. A lead that is in the list already is not ' +
        'added: the outcome is `skipped`, and undoing the rule leaves that lead where it was.',
      example: `{ "type": "marketo.addToList", "params": { "list": 1001, "lead": "{{ leadId }}" } }`,
    },
    'marketo.removeFromList': {
      example: `{ "type": "marketo.removeFromList", "params": { "list": 1001, "lead": "{{ leadId }}" } }`,
    },
    'marketo.syncLead': {
      example: `
{
  "type": "marketo.syncLead",
  "params": { "lookupField": "id", "fields": { "id": "{{ leadId }}", "leadStatus": "Asked for a demo" } },
}`,
    },
    'marketo.pushLead': {
      note: 'Pushing a lead twice writes two activities: choose `guarantee` with that in mind.',
      example: `
{
  "type": "marketo.pushLead",
  "params": { "program": "Product Launch", "source": "Web shop", "fields": { "email": "{{ data.email }}" } },
}`,
    },
    'marketo.changeScore': {
      note: 'A lead without a score starts from 0.',
      example: `{ "type": "marketo.changeScore", "params": { "lead": "{{ leadId }}", "field": "leadScore", "change": -10 } }`,
    },
    'marketo.requestCampaign': {
      example: `
{
  "type": "marketo.requestCampaign",
  "params": { "campaign": 2001, "lead": "{{ leadId }}", "tokens": { "my.form": "{{trigger.Name}}" } },
}`,
    },
    'marketo.scheduleCampaign': {
      note: 'Which lead the event is about plays no part.',
      example: `
{
  "type": "marketo.scheduleCampaign",
  "params": { "campaign": 2002, "runAt": "2h", "tokens": { "my.headline": "{{ data.headline }}" } },
}`,
    },
    'marketo.changeProgramStatus': {
      note: 'A lead that is in or past the status already stays where it is: the outcome is `skipped`.',
      example: `
{ "type": "marketo.changeProgramStatus", "params": { "program": 3001, "lead": "{{ leadId }}", "status": "Attended" } }`,
    },
    'marketo.addCustomActivity': {
      note: 'The number and the API names of an activity type are in the admin area of Marketo.',
      example: `
{
  "type": "marketo.addCustomActivity",
  "params": { "lead": "{{ leadId }}", "activityType": 100001, "primaryValue": "{{trigger.Name}}", "attributes": { "uRL": "{{ data.url }}" } },
}`,
    },
  };
