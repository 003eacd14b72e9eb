import * as appconfigdata from '@aws-sdk/client-appconfigdata';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as configservice from '@aws-sdk/client-config-service';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { ServiceException } from '@smithy/core/client';
import { AwsError } from './aws/error';

const modules: Readonly<Record<string, object>> = {
  appconfigdata,
  cloudtrail,
  configservice,
  dynamodb,
  iam,
  kms,
  lambda,
  rds,
  s3,
  scheduler,
  sns,
  sqs,
};

/** The exception that the SDK makes of an error of a service; any other error as it is. */
export function exceptionOf(service: string, error: unknown): Error {
  if (!(error instanceof AwsError)) return error as Error;
  const { code, message, status, fields } = error;
  const $metadata = { httpStatusCode: status, requestId: 'storm' };
  const Known = (modules[service] as Readonly<Record<string, unknown>> | undefined)?.[code];
  if (typeof Known === 'function') {
    const Exception = Known as new (options: object) => Error;
    return new Exception({ message, $metadata, ...fields });
  }
  const $fault = status >= 500 ? 'server' : 'client';
  return Object.assign(new ServiceException({ name: code, $fault, message, $metadata }), fields);
}

/** The error by which Node.js says that a connection broke. */
export const connectionReset = (): Error =>
  Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read', $metadata: {} });
