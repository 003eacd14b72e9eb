import { quote } from '../../untrusted-text';

// Ids of standards with their own numbering (`2.1.5`, `PCI.S3.1`, `CT.S3.2`) are not control ids, and contradict none.
const controlId = /^[A-Za-z][A-Za-z0-9]*\.\d{1,4}$/;

// Renamed with consolidated controls, but findings of older standards still have both.
const renamed: ReadonlyMap<string, string> = new Map([['ELBv2.1', 'ELB.1']]);

/** The fields of a Security Hub finding that name its control. */
export interface ControlNames {
  readonly GeneratorId: string;
  readonly Compliance: { readonly SecurityControlId?: string | undefined };
  readonly ProductFields?: { readonly ControlId?: string | undefined } | undefined;
}

type Named = { readonly control: string | undefined } | { readonly problem: string };

/** The control of a finding, such as `S3.2`, with or without consolidated control findings; undefined if none is named. */
export const controlOf = ({ Compliance, GeneratorId, ProductFields }: ControlNames): Named =>
  controlIn([
    ['Compliance.SecurityControlId', Compliance.SecurityControlId],
    ['GeneratorId', GeneratorId.slice(GeneratorId.lastIndexOf('/') + 1)],
    ['ProductFields.ControlId', ProductFields?.ControlId],
  ]);

/** The control that all fields name which name one. */
export function controlIn(names: readonly (readonly [field: string, name: string | undefined])[]): Named {
  const named = names.flatMap(([field, name]) =>
    name !== undefined && controlId.test(name) ? [{ field, control: renamed.get(name) ?? name }] : [],
  );
  const [first] = named;
  const other = named.find(({ control }) => control !== first?.control);
  if (first && other)
    return { problem: `${first.field} names the control ${quote(first.control)}, but ${other.field} ${quote(other.control)}.` };
  return { control: first?.control };
}
