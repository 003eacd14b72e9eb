const directions = '(north|south|east|west|central|northeast|northwest|southeast|southwest)';

const partitions = [
  ['aws', new RegExp(`^(af|ap|ca|eu|il|me|mx|sa|us)-${directions}-[1-9]$`)],
  ['aws-cn', new RegExp(`^cn-${directions}-[1-9]$`)],
  ['aws-us-gov', new RegExp(`^us-gov-${directions}-[1-9]$`)],
] as const;

/** The partition of a region, such as `aws-cn` for `cn-north-1`; undefined for what does not read as a region of a known partition. */
export function partitionOf(region: string): string | undefined {
  return partitions.find(([, shape]) => shape.test(region))?.[0];
}
