/**
 * Finding types of GuardDuty about the credentials of a user or role. Source:
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html
 */

/** Someone looks around or tries out: the credentials are in the wrong hands, or an employee is curious. */
export const explored: readonly string[] = [
  'Discovery:IAMUser/AnomalousBehavior',
  'Discovery:S3/AnomalousBehavior',
  'Discovery:S3/MaliciousIPCaller',
  'Discovery:S3/MaliciousIPCaller.Custom',
  'Discovery:S3/TorIPCaller',
  'InitialAccess:IAMUser/AnomalousBehavior',
  'PenTest:IAMUser/KaliLinux',
  'PenTest:IAMUser/ParrotLinux',
  'PenTest:IAMUser/PentooLinux',
  'PenTest:S3/KaliLinux',
  'PenTest:S3/ParrotLinux',
  'PenTest:S3/PentooLinux',
  'Recon:IAMUser/MaliciousIPCaller',
  'Recon:IAMUser/MaliciousIPCaller.Custom',
  'Recon:IAMUser/TorIPCaller',
];

/** The credentials were stolen, or were used to take data, to damage, or to stay. */
export const compromised: readonly string[] = [
  'AttackSequence:IAM/CompromisedCredentials',
  'CredentialAccess:IAMUser/AnomalousBehavior',
  'CredentialAccess:IAMUser/CompromisedCredentials',
  'DefenseEvasion:IAMUser/AnomalousBehavior',
  'Exfiltration:IAMUser/AnomalousBehavior',
  'Exfiltration:S3/AnomalousBehavior',
  'Exfiltration:S3/MaliciousIPCaller',
  'Impact:IAMUser/AnomalousBehavior',
  'Impact:S3/AnomalousBehavior.Delete',
  'Impact:S3/AnomalousBehavior.Permission',
  'Impact:S3/AnomalousBehavior.Write',
  'Impact:S3/MaliciousIPCaller',
  'Persistence:IAMUser/AnomalousBehavior',
  'PrivilegeEscalation:IAMUser/AnomalousBehavior',
  'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
  'UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom',
  'UnauthorizedAccess:IAMUser/TorIPCaller',
  'UnauthorizedAccess:S3/MaliciousIPCaller.Custom',
  'UnauthorizedAccess:S3/TorIPCaller',
];

/** Somebody signed in to the console, without an access key. */
export const signedIn = 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B';

/** The temporary credentials of an instance, a function or a task are used elsewhere. */
export const takenFromWorkload: readonly string[] = [
  'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS',
  'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
  'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS',
  'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
];
