import { jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

/** The part of SSM that moto lacks: the settings of an account and region for a feature. */
export const emulateServiceSettings = () => {
  const values = new Map<string, unknown>();
  const keyOf = ({ input }: Operation, { account, region }: Place) => `${account} ${region} ${String(input.SettingId)}`;
  const said = (operation: Operation, place: Place) => {
    const custom = values.get(keyOf(operation, place));
    const SettingValue = custom ?? 'Enable';
    const Status = custom === undefined ? 'Default' : 'Customized';
    return jsonAnswer({ ServiceSetting: { SettingId: operation.input.SettingId, SettingValue, Status } });
  };
  const operations: LocalOperations = {
    'ssm:GetServiceSetting': said,
    'ssm:UpdateServiceSetting': (operation, place) => {
      values.set(keyOf(operation, place), operation.input.SettingValue);
      return jsonAnswer({});
    },
    'ssm:ResetServiceSetting': (operation, place) => {
      values.delete(keyOf(operation, place));
      return said(operation, place);
    },
  };
  return { operations };
};
