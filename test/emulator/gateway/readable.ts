import { denied, errorAnswer } from './error';
import type { Operation } from './operation';
import type { Answer } from './upstream';

const isHtml = (body: string) => /^\s*<(!doctype html|html)/i.test(body);

const speaksJson = (operation: Operation) => operation.protocol === 'json' || operation.protocol === 'rest-json';

const words = (html: string) =>
  html
    .replace(/<(title|style)>.*?<\/\1>/gis, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);

const element = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`, 'i').exec(xml)?.[1];

/**
 * Moto's answer in the form of the service: what it lacks is a web page with it, and a refusal XML for all services.
 * 501 is final for the SDK, which would try again on any other 5xx.
 */
export const readable = (operation: Operation, answer: Answer): Answer => {
  if (answer.status < 400 || answer.body.length === 0) return answer;
  const body = answer.body.toString();
  if (isHtml(body)) {
    const message = `The emulator can't do ${operation.service}:${operation.name}: it answered ${answer.status}, ${words(body)}`;
    return errorAnswer(operation, { status: 501, code: 'NotImplemented', message });
  }
  if (speaksJson(operation) && body.trimStart().startsWith('<')) {
    const code = element(body, 'Code') ?? 'UnknownError';
    const message = element(body, 'Message') ?? words(body);
    return errorAnswer(
      operation,
      /^AccessDenied/.test(code) ? denied(operation.protocol, message) : { status: answer.status, code, message },
    );
  }
  return answer;
};
