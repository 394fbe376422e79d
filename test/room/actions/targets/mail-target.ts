import type { SubjectTarget } from '../../../../src/actions/conformance-subject.js';
import type { TargetFault } from '../../../../src/actions/conformance-target.js';
import type { MailFault, SmtpStandIn } from '../../../../src/sandbox/smtp-stand-in.js';

const FAULTS: Readonly<Record<Exclude<TargetFault, 'slow-down' | 'cut'>, MailFault>> = {
  hang: { hang: true },
  reset: { reset: true },
  error: { responseCode: 451, message: 'Out of order' },
  refuse: { responseCode: 554, message: 'Not like this' },
};

export function mailTarget(mail: SmtpStandIn, password: string): SubjectTarget {
  const connection = mail.destination();
  return {
    connection,
    nowhere: { ...connection, smtpUrl: `smtp://signalman:${password}@127.0.0.1:9` },
    secrets: [password, Buffer.from(`\0signalman\0${password}`).toString('base64')],
    fail: (fault) => {
      // SMTP has neither a body to cut nor a time to name: its replies are one line, and a lost one is a lost connection.
      mail.failNext(fault === 'cut' || fault === 'slow-down' ? FAULTS.reset : FAULTS[fault]);
    },
    clear: () => {
      mail.clear();
    },
    taken: () => mail.messages.all().map(({ source }) => ({ text: source })),
    harm: () => {
      const [strange] = mail.messages.all().filter(({ to, source }) => {
        const [head = ''] = source.split('\r\n\r\n');
        return to.join() !== connection.to.join() || /^bcc:/im.test(head);
      });
      return strange === undefined
        ? undefined
        : 'a mail has a recipient, or a header, that it should not have';
    },
  };
}
