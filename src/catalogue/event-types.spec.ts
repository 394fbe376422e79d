import { ACTIVITY_TYPES, activityTypeById, activityTypeName } from './activity-types.js';
import { AUDIT_COMPONENTS } from './audit-components.js';
import { fullTypeName, isKnownEventType, knownEventTypes, shortTypeName, streamOf } from './event-types.js';

describe('the catalogue of event types', () => {
  it.each([
    ['com.adobe.platform.marketo.activity.standard.clicklink', 'marketo.activity.clicklink'],
    ['com.adobe.platform.marketo.activity.custom', 'marketo.activity.custom'],
    ['com.adobe.platform.marketo.audit.user.email', 'marketo.audit.user.email'],
    ['com.adobe.platform.marketo.notification.web_services', 'marketo.notification.web_services'],
    ['com.adobe.platform.marketo.observability.status', 'marketo.observability.status'],
    ['com.adobe.platform.marketo.activity.standard.brandnew', 'marketo.activity.brandnew'],
    ['com.adobe.platform.marketo.metrics.hourly', 'marketo.metrics.hourly'],
    ['com.acme.crm.account.updated', 'com.acme.crm.account.updated'],
    ['aem.sites.contentFragment.modified', 'aem.sites.contentFragment.modified'],
    ['', ''],
  ])('shortens %s to %s', (full, short) => {
    expect(shortTypeName(full)).toBe(short);
  });

  it('finds the way back from every known short name', () => {
    for (const type of knownEventTypes()) expect(shortTypeName(fullTypeName(type))).toBe(type);
    expect(fullTypeName('com.acme.crm.account.updated')).toBe('com.acme.crm.account.updated');
  });

  it('holds the 64 streamed activity types, six others and the custom one, each once', () => {
    expect(ACTIVITY_TYPES).toHaveLength(70);
    expect(new Set(knownEventTypes()).size).toBe(knownEventTypes().length);
    expect(new Set(ACTIVITY_TYPES.map(({ id }) => id)).size).toBe(70);
    expect(AUDIT_COMPONENTS).toHaveLength(24);
  });

  it('names only types that a rule can write: lower-case segments', () => {
    const written = /^(marketo(\.[a-z0-9_]+){2,3}|signalman(\.[a-z]+){1,2})$/;
    for (const type of knownEventTypes()) expect(type).toMatch(written);
  });

  it('knows an activity by its number', () => {
    expect(activityTypeById(3)).toMatchObject({ name: 'Click Link', type: 'marketo.activity.clicklink' });
    expect(activityTypeById(28)?.type).toBe('marketo.activity.syncleadupdatestosfdc');
    expect(activityTypeById(144)).toBeUndefined();
    expect(activityTypeById(Number.NaN)).toBeUndefined();
  });

  it.each([
    [3, 'Renamed by Adobe', 'marketo.activity.clicklink'],
    [100_001, 'Attended Webinar', 'marketo.activity.custom'],
    [999, 'Brand New (Beta)', 'marketo.activity.brandnewbeta'],
    ['3', 'Click Link', 'marketo.activity.clicklink'],
    [undefined, 'Open Email', 'marketo.activity.openemail'],
    [999, undefined, undefined],
    [undefined, '…', undefined],
  ])('names activity %p %p as %p where no event code came with it', (id, name, type) => {
    expect(activityTypeName(id, name)).toBe(type);
  });

  it('tells the stream of a type, known or not', () => {
    expect(streamOf('marketo.activity.brandnew')).toBe('lead-activity');
    expect(streamOf('marketo.audit.user.login')).toBe('user-audit');
    expect(streamOf('marketo.notification.nurture')).toBe('notification');
    expect(streamOf('marketo.observability.errors')).toBe('observability');
    expect(streamOf('signalman.stream.silent')).toBe('signalman');
    expect(streamOf('marketo.metrics.hourly')).toBe('external');
    expect(isKnownEventType('marketo.activity.brandnew')).toBe(false);
    expect(isKnownEventType('marketo.activity.clicklink')).toBe(true);
  });
});
