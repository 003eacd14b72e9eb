import { judgingOf } from '../../../functions/sources/config/judging';

const parametersOf = (InputParameters: string) =>
  judgingOf({
    ConfigRuleName: 'ports',
    Source: { Owner: 'AWS', SourceIdentifier: 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS' },
    InputParameters,
  });

test('two parameters of a Config rule whose names differ in case alone can not be read, as those of a control', () => {
  expect(parametersOf('{"authorizedTcpPorts":"443","AuthorizedTcpPorts":"80"}')).toEqual({ unread: expect.any(String) });
  expect(parametersOf('{"authorizedTcpPorts":"443","authorizedUdpPorts":"53"}')).toMatchObject({
    parameters: { authorizedTcpPorts: '443', authorizedUdpPorts: '53' },
  });
});
