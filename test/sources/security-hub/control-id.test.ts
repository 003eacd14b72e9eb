import { type ControlNames, controlOf } from '../../../functions/sources/security-hub/control-id';

const named = (GeneratorId: string, SecurityControlId?: string, ControlId?: string): ControlNames => ({
  GeneratorId,
  Compliance: { SecurityControlId },
  ProductFields: { ControlId },
});

test.each([
  ['consolidated', named('security-control/S3.2', 'S3.2'), 'S3.2'],
  ['the best practices of AWS', named('aws-foundational-security-best-practices/v/1.0.0/S3.2', 'S3.2', 'S3.2'), 'S3.2'],
  ['the same, before controls had one id', named('aws-foundational-security-best-practices/v/1.0.0/S3.2', undefined, 'S3.2'), 'S3.2'],
  ['nothing but the generator', named('nist-800-53/v/5.0.0/EC2.13'), 'EC2.13'],
  ['nothing but the product field', named('something', undefined, 'EC2.13'), 'EC2.13'],
  ['Control Tower', named('service-managed-aws-control-tower/v/1.0.0/S3.2', 'S3.2', 'CT.S3.2'), 'S3.2'],
  ['Control Tower, without the id', named('service-managed-aws-control-tower/v/1.0.0/S3.2', undefined, 'CT.S3.2'), 'S3.2'],
  ['CIS 1.4', named('cis-aws-foundations-benchmark/v/1.4.0/2.1.5', 'S3.1', '2.1.5'), 'S3.1'],
  ['CIS 1.2', named('arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1', 'EC2.13'), 'EC2.13'],
  ['PCI, whose number is another', named('pci-dss/v/3.2.1/PCI.EC2.4', 'EC2.12', 'PCI.EC2.4'), 'EC2.12'],
  ['PCI 4', named('pci-dss/v/4.0.1/EC2.13', 'EC2.13', 'EC2.13'), 'EC2.13'],
  ['a name from before a renaming', named('aws-foundational-security-best-practices/v/1.0.0/ELBv2.1', 'ELB.1', 'ELBv2.1'), 'ELB.1'],
  ['CIS without the id', named('cis-aws-foundations-benchmark/v/1.4.0/2.1.5', undefined, '2.1.5'), undefined],
  ['PCI without the id', named('pci-dss/v/3.2.1/PCI.S3.2', undefined, 'PCI.S3.2'), undefined],
  ['nothing', named('', '', ''), undefined],
  ['what only ends like a control', named('security-control/S3.2 or 1=1', undefined), undefined],
])('the control is told by the names of %s', (_, names, control) => {
  expect(controlOf(names)).toEqual({ control });
});

test.each([
  ['id and generator', named('security-control/S3.3', 'S3.2')],
  ['id and product field', named('security-control/S3.2', 'S3.2', 'S3.3')],
  ['generator and product field', named('aws-foundational-security-best-practices/v/1.0.0/S3.2', undefined, 'S3.3')],
])('%s that name different controls are a contradiction', (_, names) => {
  expect(controlOf(names)).toEqual({ problem: expect.stringMatching(/names the control "S3.2", but|names the control "S3.3", but/) });
});
