/** A part of Marketo whose use is written to the user audit stream. */
export interface AuditComponent {
  /** `data.componentType` */
  readonly component: string;
  /** `marketo.audit.user.<component in lower case without spaces>` */
  readonly type: string;
  /** `data.eventAction`: a snapshot of Adobe's list, others may come. */
  readonly actions: readonly string[];
}

const AUDIT_PREFIX = 'marketo.audit.user.';

function component(name: string, actions: readonly string[]): AuditComponent {
  return { component: name, type: AUDIT_PREFIX + name.toLowerCase().replaceAll(' ', ''), actions };
}

/**
 * Adobe prints the event codes of Email, Landing Page, Smart Campaign and Email Batch Program; the others follow the
 * same pattern. The last three stood in an older list only.
 */
export const AUDIT_COMPONENTS: readonly AuditComponent[] = [
  component('Default Program', [
    'clone',
    'create',
    'delete',
    'edit channel',
    'export',
    'modify program setup',
    'modify program token',
    'rename',
  ]),
  component('Email', ['approve', 'clone', 'create', 'delete', 'edit', 'move', 'rename', 'unapprove']),
  component('Email Batch Program', [
    'approve',
    'childUpdate',
    'clone',
    'create',
    'delete',
    'edit',
    'edit channel',
    'modify program schedule',
    'modify program setup',
    'modify program token',
    'rename',
    'unapprove',
  ]),
  component('Email Template', [
    'approve',
    'clone',
    'create',
    'delete',
    'draftCreate',
    'draftDiscard',
    'edit',
    'rename',
    'unapprove',
  ]),
  component('Engagement Program', [
    'clone',
    'create',
    'delete',
    'edit channel',
    'modify program setup',
    'modify program stream',
    'modify program token',
    'rename',
  ]),
  component('Event Program', [
    'clone',
    'create',
    'delete',
    'edit channel',
    'modify program schedule',
    'modify program setup',
    'modify program token',
    'rename',
  ]),
  component('Folder', ['create', 'delete', 'edit', 'rename']),
  component('Form', ['approve', 'clone', 'create', 'delete', 'draftCreate', 'edit', 'move', 'rename']),
  component('Landing Page', [
    'approve',
    'clone',
    'create',
    'delete',
    'draftDiscard',
    'edit',
    'move',
    'rename',
    'unapprove',
  ]),
  component('Landing Page Template', [
    'approve',
    'clone',
    'create',
    'delete',
    'draftCreate',
    'draftDiscard',
    'edit',
    'rename',
    'unapprove',
  ]),
  component('List', ['clone', 'create', 'delete', 'rename']),
  component('Marketing Folder', ['create', 'delete', 'edit']),
  component('Nurture Program', [
    'clone',
    'create',
    'delete',
    'edit channel',
    'modify program setup',
    'modify program stream',
    'modify program token',
    'rename',
  ]),
  component('Segment', ['create', 'delete', 'edit', 'rename']),
  component('Segmentation', [
    'approve',
    'create',
    'delete',
    'draftCreated',
    'draftDiscarded',
    'rename',
    'unapprove',
  ]),
  component('Smart Campaign', [
    'abort',
    'activate',
    'clone',
    'create',
    'deactivate',
    'delete',
    'edit',
    'modify campaign schedule',
    'modify flow step action',
    'modify smart list setup',
    'move',
    'rename',
  ]),
  component('Smart List', [
    'clone',
    'create',
    'delete',
    'edit',
    'export',
    'modify smartlist setup',
    'rename',
    'modify smart list setup',
  ]),
  component('Snippet', [
    'approve',
    'approve with no-draft',
    'clone',
    'create',
    'delete',
    'edit',
    'rename',
    'unapprove',
  ]),
  component('Login', ['login success', 'login failure']),
  component('Role', ['create', 'delete', 'edit']),
  component('User', ['create', 'delete', 'edit']),
  component('Landing Page Form', ['approve', 'clone', 'create', 'delete', 'edit', 'rename']),
  component('Integration', ['create', 'delete', 'edit']),
  component('Marketing Program', ['clone', 'create']),
];
