/** The type of the events with which CloudTrail sends what it records of the control plane. */
export const recordedCall = 'AWS API Call via CloudTrail';
